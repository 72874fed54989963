using System.CommandLine;
using Castalia.Cli.Verbs;

var root = new RootCommand("Measures how the residual stream of a language model grows or shrinks from block to block.");
root.Add(DescribeVerb.Build());
return root.Parse(args).Invoke();
