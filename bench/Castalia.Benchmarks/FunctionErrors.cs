using System.Globalization;
using System.Runtime.Intrinsics;
using Castalia.Kernels;
using MathNet.Numerics;

namespace Castalia.Benchmarks;

/// <summary>The largest error of each float32 function over every float of a range, not a sample of them.</summary>
static class FunctionErrors
{
    delegate Vector512<float> LaneFunction(Vector512<float> x);

    /// <summary>A function, what it should be, and the size its error is measured by.</summary>
    sealed record Case(string Name, LaneFunction Function, Func<double, double> Reference, float Low, float High, string Unit, Func<double, double, double> Size);

    const int Lanes = 16;
    const double LeastNormal = 1.17549435e-38;

    static readonly Case[] Cases =
    [
        new("exp", Exponential.Of, Math.Exp, -87.3f, 88.3f, "ulp", (_, y) => Math.ScaleB(1, Math.ILogB(Math.Max(y, LeastNormal)) - 23)),
        new("GELU (erf)", GeluErf.Of, x => x * 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), -12, 12, "\\|x\\|", OfInput),
        new("GELU (tanh)", GeluTanh.Of, GeluTanh.Reference, -12, 12, "\\|x\\|", OfInput),
        new("quick GELU", QuickGelu.Of, QuickGelu.Reference, -50, 50, "\\|x\\|", OfInput),
        new("SiLU", Silu.Of, Silu.Reference, -87, 100, "\\|y\\|", (_, y) => Math.Abs(y) + 1e-37),
    ];

    /// <summary>Prints a table; minutes, for each range holds two thousand million floats.</summary>
    public static void Print(CancellationToken cancellation)
    {
        Console.WriteLine("| function | from | to | floats | largest error | in units of | at |\n| --- | ---: | ---: | ---: | ---: | --- | ---: |");
        foreach (var function in Cases)
        {
            var (worst, at, floats) = Sweep(function, cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {function.Name} | {function.Low} | {function.High} | {floats:N0} | {worst:G4} | {function.Unit} | {at:R} |"));
        }
    }

    static (double Worst, float At, long Floats) Sweep(Case function, CancellationToken cancellation)
    {
        object merging = new();
        (double Worst, float At, long Floats) all = default;
        foreach (uint sign in (ReadOnlySpan<uint>)[0, 0x80000000])
        {
            long last = BitConverter.SingleToUInt32Bits(Math.Abs(sign == 0 ? function.High : function.Low)), block = 1 << 20;
            Parallel.For(0, last / block + 1, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var part = Sweep(function, sign, i * block, Math.Min((i + 1) * block - 1, last));
                lock (merging)
                {
                    // The smaller input on a tie: which thread comes first must not show.
                    bool isWorse = part.Worst > all.Worst || (part.Worst == all.Worst && part.At < all.At);
                    all = (isWorse ? part.Worst : all.Worst, isWorse ? part.At : all.At, all.Floats + part.Floats);
                }
            });
        }
        return all;
    }

    static (double Worst, float At, long Floats) Sweep(Case function, uint sign, long first, long last)
    {
        double worst = 0;
        float at = 0;
        Span<float> x = stackalloc float[Lanes], y = stackalloc float[Lanes];
        for (long bits = first; bits <= last; bits += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane++) x[lane] = BitConverter.UInt32BitsToSingle((uint)Math.Min(bits + lane, last) | sign);
            function.Function(Vector512.Create<float>(x)).CopyTo(y);
            for (int lane = 0; lane < Lanes; lane++)
            {
                double expected = function.Reference(x[lane]), error = Math.Abs(y[lane] - expected) / function.Size(x[lane], expected);
                if (double.IsNaN(error)) throw new InvalidOperationException($"{function.Name} of {x[lane]:R} is {y[lane]:R}.");
                if (error > worst) (worst, at) = (error, x[lane]);
            }
        }
        return (worst, at, last - first + 1);
    }

    static double OfInput(double x, double _) => Math.Abs(x) + 1e-30;
}
