using System.CommandLine;

var root = new RootCommand("Measures how the residual stream of a language model grows or shrinks from block to block.");
return root.Parse(args).Invoke();
