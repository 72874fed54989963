using BenchmarkDotNet.Running;
using Castalia.Benchmarks;

// `ratios` prints shares of the machine's own peak; anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..])
    LinearRatios.Print(Environment.ProcessorCount, rounds: 9);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
