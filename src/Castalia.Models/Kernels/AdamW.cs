using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>One step of AdamW with decoupled decay, element by element (Loshchilov and Hutter 2019, algorithm 2).</summary>
/// <remarks>
/// g ← s·g; m ← m + (1 − β₁)(g − m); v ← β₂v + (1 − β₂)g²; p ← (1 − ηλ)p − k·(η/c₁)·m/(√v/√c₂ + ε), with cᵢ = 1 − βᵢᵗ. Every operation is a float32 one, rounded once, a scalar
/// computed in float64 and rounded; an element depends on itself alone, so that length, place and vector width do not matter.
/// </remarks>
static class AdamW
{
    const int Lanes = 16;

    /// <summary>What all elements of a step share.</summary>
    /// <param name="GradientScale">s: what clipping leaves of the gradient.</param>
    /// <param name="Beta1">β₁.</param>
    /// <param name="Beta2">β₂.</param>
    /// <param name="Kept">1 − ηλ.</param>
    /// <param name="RootCorrection">√c₂.</param>
    /// <param name="Epsilon">ε.</param>
    /// <param name="StepSize">k·η/c₁.</param>
    internal readonly record struct Scalars(double GradientScale, double Beta1, double Beta2, double Kept, double RootCorrection, double Epsilon, double StepSize)
    {
        /// <summary>Those of step <paramref name="t"/>, from 1.</summary>
        public static Scalars Of(int t, double rate, double beta1, double beta2, double epsilon, double decay, double gradientScale, double multiplicity) => new(
            gradientScale, beta1, beta2, 1 - rate * decay, Math.Sqrt(1 - Power(beta2, t)), epsilon, multiplicity * rate / (1 - Power(beta1, t)));

        /// <summary>xⁿ by squaring, which no C library has a say in.</summary>
        static double Power(double x, int n)
        {
            double power = 1;
            for (; n > 0; n >>= 1, x *= x)
                if ((n & 1) != 0) power *= x;
            return power;
        }
    }

    /// <summary>The definition, of one element.</summary>
    internal static void Reference(in Scalars s, ref float p, float g, ref float m, ref float v)
    {
        g *= (float)s.GradientScale;
        m += (g - m) * (float)(1 - s.Beta1);
        v = v * (float)s.Beta2 + g * g * (float)(1 - s.Beta2);
        float root = MathF.Sqrt(v) / (float)s.RootCorrection + (float)s.Epsilon;
        p = p * (float)s.Kept - m / root * (float)s.StepSize;
    }

    /// <summary>A step.</summary>
    /// <param name="s">Scalars.</param>
    /// <param name="p">Parameters.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="m">Means of gradients.</param>
    /// <param name="v">Means of their squares.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(in Scalars s, Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v)
    {
        ref float rp = ref MemoryMarshal.GetReference(p), rg = ref MemoryMarshal.GetReference(g[..p.Length]), rm = ref MemoryMarshal.GetReference(m[..p.Length]), rv = ref MemoryMarshal.GetReference(v[..p.Length]);
        var scale = Vector512.Create((float)s.GradientScale);
        var ofMean = Vector512.Create((float)(1 - s.Beta1));
        var kept2 = Vector512.Create((float)s.Beta2);
        var ofSquare = Vector512.Create((float)(1 - s.Beta2));
        var correction = Vector512.Create((float)s.RootCorrection);
        var epsilon = Vector512.Create((float)s.Epsilon);
        var kept = Vector512.Create((float)s.Kept);
        var step = Vector512.Create((float)s.StepSize);
        int i = 0;
        for (; i <= p.Length - Lanes; i += Lanes)
        {
            var gradient = Vector512.LoadUnsafe(ref rg, (nuint)i) * scale;
            var mean = Vector512.LoadUnsafe(ref rm, (nuint)i);
            mean += (gradient - mean) * ofMean;
            var square = Vector512.LoadUnsafe(ref rv, (nuint)i) * kept2 + gradient * gradient * ofSquare;
            var root = Vector512.Sqrt(square) / correction + epsilon;
            mean.StoreUnsafe(ref rm, (nuint)i);
            square.StoreUnsafe(ref rv, (nuint)i);
            (Vector512.LoadUnsafe(ref rp, (nuint)i) * kept - mean / root * step).StoreUnsafe(ref rp, (nuint)i);
        }
        for (; i < p.Length; i++) Reference(s, ref p[i], g[i], ref m[i], ref v[i]);
    }
}
