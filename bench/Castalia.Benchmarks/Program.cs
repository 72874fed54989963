using BenchmarkDotNet.Running;
using Castalia.Benchmarks;

// `ratios` prints shares of the machine's own peak, `tokens FOLDER` speeds of a tokenizer; anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..])
    LinearRatios.Print(Environment.ProcessorCount, rounds: 9);
else if (args is ["tokens", var folder])
    TokenizerRatios.Print(folder, rounds: 5);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
