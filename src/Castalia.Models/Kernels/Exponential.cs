using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>eˣ in float32 over sixteen lanes.</summary>
/// <remarks>
/// x = n·ln 2 + r, a polynomial of degree 7 in r, times 2ⁿ. Only additions, multiplications, fused multiply-adds and bit
/// shifts, so every vector width gives the same bits. Error below 1 unit in the last place, at every float from −87.3 to 88.3
/// (bench/results/functions.md); 0 below; x is held at 88.3 above. Coefficients: Chebyshev fit of (eʳ − 1 − r)/r² on |r| ≤ ½ ln 2, relative error 2e-10.
/// </remarks>
static class Exponential
{
    const float Log2E = 1.44269504f, Ln2High = 0.693145752f, Ln2Low = 1.42860677e-6f;
    const float Lowest = -87.3f, Highest = 88.3f;
    const float RoundingMagic = 12582912f; // 1.5·2²³: adding it leaves the nearest integer in the low bits

    internal static double Reference(double x) => x < Lowest ? 0 : Elementary.Exp(Math.Min(x, Highest));

    /// <summary>eˣ of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var held = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Highest)), Vector512.Create(Highest), x);
        var shifted = Vector512.FusedMultiplyAdd(held, Vector512.Create(Log2E), Vector512.Create(RoundingMagic));
        var n = shifted - Vector512.Create(RoundingMagic);
        var r = Vector512.FusedMultiplyAdd(-n, Vector512.Create(Ln2High), held);
        r = Vector512.FusedMultiplyAdd(-n, Vector512.Create(Ln2Low), r);
        var p = Vector512.Create(0.000198909808698f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0013933641032f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.00833331093445f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.041666465006f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.166666666816f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p * r, r, r) + Vector512<float>.One;
        var scale = (shifted.AsInt32() - Vector512.Create(RoundingMagic).AsInt32() + Vector512.Create(127)) << 23;
        var result = p * scale.AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Lowest)), Vector512<float>.Zero, result);
    }

    /// <summary>The same, lane by lane without vectors: what the vector form is judged by.</summary>
    internal static float Scalar(float x)
    {
        float held = x > Highest ? Highest : x;
        float shifted = MathF.FusedMultiplyAdd(held, Log2E, RoundingMagic);
        float n = shifted - RoundingMagic;
        float r = MathF.FusedMultiplyAdd(-n, Ln2Low, MathF.FusedMultiplyAdd(-n, Ln2High, held));
        float p = 0.000198909808698f;
        p = MathF.FusedMultiplyAdd(p, r, 0.0013933641032f);
        p = MathF.FusedMultiplyAdd(p, r, 0.00833331093445f);
        p = MathF.FusedMultiplyAdd(p, r, 0.041666465006f);
        p = MathF.FusedMultiplyAdd(p, r, 0.166666666816f);
        p = MathF.FusedMultiplyAdd(p, r, 0.5f);
        p = MathF.FusedMultiplyAdd(p * r, r, r) + 1f;
        int scale = (BitConverter.SingleToInt32Bits(shifted) - BitConverter.SingleToInt32Bits(RoundingMagic) + 127) << 23;
        float result = p * BitConverter.Int32BitsToSingle(scale);
        return x < Lowest ? 0 : result;
    }
}

/// <summary><see cref="Exponential"/> over spans.</summary>
readonly struct ExponentialLanes : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Exponential.Of(x);
}
