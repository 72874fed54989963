using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The sums and products of <see cref="Elementwise"/> for sixteen tokens at once: the same bits for each.</summary>
static unsafe class StripArithmetic
{
    const int Half = Strip.Tokens / 2;

    /// <summary>sum ← x + y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Strip x, Strip y, Strip sum)
    {
        x.Require(y);
        x.Require(sum);
        float* px = x.Data, py = y.Data, to = sum.Data;
        for (int k = 0; k < x.Width; k++, px += x.Stride, py += y.Stride, to += sum.Stride) (Vector512.Load(px) + Vector512.Load(py)).Store(to);
    }

    /// <summary>sum ← x + y + z, in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddBoth(Strip x, Strip y, Strip z, Strip sum)
    {
        x.Require(y);
        x.Require(z);
        x.Require(sum);
        float* px = x.Data, py = y.Data, pz = z.Data, to = sum.Data;
        for (int k = 0; k < x.Width; k++, px += x.Stride, py += y.Stride, pz += z.Stride, to += sum.Stride)
        {
            DoubleSum.Narrow(StripSums.Widen(px) + StripSums.Widen(py) + StripSums.Widen(pz)).Store(to);
            DoubleSum.Narrow(StripSums.Widen(px + Half) + StripSums.Widen(py + Half) + StripSums.Widen(pz + Half)).Store(to + Half);
        }
    }

    /// <summary>y ← x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(Strip x, Strip y)
    {
        x.Require(y);
        float* from = x.Data, to = y.Data;
        for (int k = 0; k < x.Width; k++, from += x.Stride, to += y.Stride) Vector512.Load(from).Store(to);
    }

    /// <summary>x ← factor·x, in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Strip x, double factor)
    {
        var times = Vector512.Create(factor);
        float* at = x.Data;
        for (int k = 0; k < x.Width; k++, at += x.Stride)
        {
            DoubleSum.Narrow(StripSums.Widen(at) * times).Store(at);
            DoubleSum.Narrow(StripSums.Widen(at + Half) * times).Store(at + Half);
        }
    }
}
