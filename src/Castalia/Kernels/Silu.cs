using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>x/(1 + e⁻ˣ). Relative error at most 4e-7; below −88.3, where the value is under 1e-36, the divisor is held.</summary>
readonly struct Silu : ILaneFunction
{
    internal static double Reference(double x) => x / (1 + Elementary.Exp(-x));

    public static Vector512<float> Of(Vector512<float> x) => x / (Vector512<float>.One + Exponential.Of(-x));
}

/// <summary>max(x, 0); NaN stays NaN.</summary>
readonly struct Relu : ILaneFunction
{
    public static Vector512<float> Of(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512<float>.Zero, x);
}
