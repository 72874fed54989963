using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>c·tanh(x/c): values held to (−c, c), small ones hardly changed. In float64, rounded once.</summary>
/// <remarks>tanh z = (1 − e)/(1 + e) with e = e^(−2|z|), its sign that of z: relative error some 1e-16/|z|, absolute 1e-16.</remarks>
static class SoftCap
{
    const int Lanes = 8;

    internal static double Reference(double x, double cap)
    {
        double e = Elementary.Exp(-2 * Math.Abs(x / cap));
        return Math.CopySign((1 - e) / (1 + e), x) * cap;
    }

    /// <summary>x ← c·tanh(x/c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Span<float> x, double cap)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        Span<float> tail = stackalloc float[Lanes];
        for (int i = 0; i < x.Length; i += Lanes)
        {
            if (i <= x.Length - Lanes)
            {
                Of(Vector256.LoadUnsafe(ref p, (nuint)i), cap).StoreUnsafe(ref p, (nuint)i);
                continue;
            }
            x[i..].CopyTo(tail);
            Of(Vector256.Create<float>(tail), cap).CopyTo(tail);
            tail[..(x.Length - i)].CopyTo(x[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Of(Vector256<float> x, double cap)
    {
        var (low, high) = Vector256.Widen(x);
        var z = Vector512.Create(low, high) / Vector512.Create(cap);
        // Beyond 350 e is under 1e-304 and tanh is 1.
        var distance = Vector512.ConditionalSelect(
            Vector512.GreaterThan(Vector512.Abs(z), Vector512.Create(350.0)), Vector512.Create(350.0), Vector512.Abs(z));
        var e = Elementary.ExpOfNegative(Vector512.Create(-2.0) * distance);
        var tanh = (Vector512<double>.One - e) / (Vector512<double>.One + e) * Vector512.Create(cap);
        var signed = Vector512.ConditionalSelect(Vector512.LessThan(z, Vector512<double>.Zero), -tanh, tanh);
        return Vector256.Narrow(signed.GetLower(), signed.GetUpper());
    }
}
