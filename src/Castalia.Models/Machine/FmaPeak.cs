using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Machine;

/// <summary>The machine's own peak: fused multiply-adds on registers only, as wide as it has them, on every thread.</summary>
static class FmaPeak
{
    const int Chains = 16, Steps = 1 << 22, Rounds = 5;

    /// <summary>Floating-point operations per second of <paramref name="threads"/> threads: the median of five rounds, 8 to 20 ms each.</summary>
    /// <remarks>
    /// Threads of its own, compiled and warmed before the first round and started together for each, whose time is from the first start to
    /// the last end. The median, as of what is measured beside it: whatever else the machine does slows both.
    /// </remarks>
    public static double Measure(int threads)
    {
        double[] sinks = new double[threads * 64];
        long[,] starts = new long[Rounds, threads], ends = new long[Rounds, threads];
        using var together = new Barrier(threads);
        Thread[] workers =
        [
            .. Enumerable.Range(0, threads).Select(i => new Thread(() =>
            {
                sinks[i * 64] += Loop(Steps / 8);
                for (int round = 0; round < Rounds; round++)
                {
                    together.SignalAndWait();
                    starts[round, i] = Stopwatch.GetTimestamp();
                    sinks[i * 64] += Loop(Steps);
                    ends[round, i] = Stopwatch.GetTimestamp();
                }
            })),
        ];
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        if (!double.IsFinite(sinks.Sum())) throw new InvalidOperationException("The loop overflowed.");
        double seconds = Enumerable.Range(0, Rounds).Select(round =>
        {
            var all = Enumerable.Range(0, threads);
            return Stopwatch.GetElapsedTime(all.Min(i => starts[round, i]), all.Max(i => ends[round, i])).TotalSeconds;
        }).Order().ElementAt(Rounds / 2);
        return 2.0 * Chains * Lanes * Steps * threads / seconds;
    }

    /// <summary>Floats in the widest vector that is used.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    static double Loop(int steps) =>
        Vector512.IsHardwareAccelerated ? Wide512(steps) : Vector256.IsHardwareAccelerated ? Wide256(2 * steps) : Wide128(2 * steps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Wide512(int steps)
    {
        var m = Vector512.Create(0.999f);
        var b = Vector512.Create(0.001f);
        Vector512<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b;
        Vector512<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b;
        for (int i = 0; i < steps; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, m, b); a1 = Vector512.FusedMultiplyAdd(a1, m, b);
            a2 = Vector512.FusedMultiplyAdd(a2, m, b); a3 = Vector512.FusedMultiplyAdd(a3, m, b);
            a4 = Vector512.FusedMultiplyAdd(a4, m, b); a5 = Vector512.FusedMultiplyAdd(a5, m, b);
            a6 = Vector512.FusedMultiplyAdd(a6, m, b); a7 = Vector512.FusedMultiplyAdd(a7, m, b);
            c0 = Vector512.FusedMultiplyAdd(c0, m, b); c1 = Vector512.FusedMultiplyAdd(c1, m, b);
            c2 = Vector512.FusedMultiplyAdd(c2, m, b); c3 = Vector512.FusedMultiplyAdd(c3, m, b);
            c4 = Vector512.FusedMultiplyAdd(c4, m, b); c5 = Vector512.FusedMultiplyAdd(c5, m, b);
            c6 = Vector512.FusedMultiplyAdd(c6, m, b); c7 = Vector512.FusedMultiplyAdd(c7, m, b);
        }
        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Wide256(int steps)
    {
        var m = Vector256.Create(0.999f);
        var b = Vector256.Create(0.001f);
        Vector256<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b;
        for (int i = 0; i < steps; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, m, b); a1 = Vector256.FusedMultiplyAdd(a1, m, b);
            a2 = Vector256.FusedMultiplyAdd(a2, m, b); a3 = Vector256.FusedMultiplyAdd(a3, m, b);
            a4 = Vector256.FusedMultiplyAdd(a4, m, b); a5 = Vector256.FusedMultiplyAdd(a5, m, b);
            a6 = Vector256.FusedMultiplyAdd(a6, m, b); a7 = Vector256.FusedMultiplyAdd(a7, m, b);
        }
        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Wide128(int steps)
    {
        var m = Vector128.Create(0.999f);
        var b = Vector128.Create(0.001f);
        Vector128<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b;
        for (int i = 0; i < steps; i++)
        {
            a0 = Vector128.FusedMultiplyAdd(a0, m, b); a1 = Vector128.FusedMultiplyAdd(a1, m, b);
            a2 = Vector128.FusedMultiplyAdd(a2, m, b); a3 = Vector128.FusedMultiplyAdd(a3, m, b);
            a4 = Vector128.FusedMultiplyAdd(a4, m, b); a5 = Vector128.FusedMultiplyAdd(a5, m, b);
            a6 = Vector128.FusedMultiplyAdd(a6, m, b); a7 = Vector128.FusedMultiplyAdd(a7, m, b);
        }
        return Vector128.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7);
    }
}
