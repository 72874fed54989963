using Castalia.Cli;

// Asked by scripts, before each run perhaps: answered without the parser.
return args is ["--version"] ? VersionLine.Print() : CommandLine.Run(args);
