using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>x/(1 + e⁻ˣ). Relative error below 1.8e-7; below −88.3, where the value is under 1e-36, the divisor is held.</summary>
readonly struct Silu : ILaneFunction
{
    internal static double Reference(double x) => x / (1 + Elementary.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => x / (Vector512<float>.One + Exponential.Of(-x));
}

/// <summary>max(x, 0); NaN stays NaN.</summary>
readonly struct Relu : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512<float>.Zero, x);
}

/// <summary>max(x, 0)²; NaN stays NaN.</summary>
readonly struct SquaredRelu : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var held = Relu.Of(x);
        return held * held;
    }
}

/// <summary>x/(1 + e^(−1.702x)): a logistic approximation of GELU. Absolute error below 1.2e-7·|x|.</summary>
readonly struct QuickGelu : ILaneFunction
{
    internal static double Reference(double x) => x / (1 + Elementary.Exp(-1.702 * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => x / (Vector512<float>.One + Exponential.Of(Vector512.Create(-1.702f) * x));
}
