return Castalia.Cli.CommandLine.Run(args);
