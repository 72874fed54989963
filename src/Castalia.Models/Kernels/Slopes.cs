using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Φ(x) + x·φ(x), the slope of x·Φ(x).</summary>
readonly struct GeluErfSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Of(x, GeluErf.Distribution(x));

    /// <summary>The same with Φ(x) at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x, Vector512<float> distribution)
    {
        var density = Vector512.Create(0.3989422804f) * Exponential.Of(Vector512.Create(-0.5f) * x * x);
        return Vector512.FusedMultiplyAdd(x, density, distribution);
    }
}

/// <summary>x·Φ(x) with its slope, Φ computed once.</summary>
readonly struct GeluErfPair : ILanePair
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x, out Vector512<float> slope)
    {
        var distribution = GeluErf.Distribution(x);
        slope = GeluErfSlope.Of(x, distribution);
        return x * distribution;
    }
}

/// <summary>A function and its slope, each by itself.</summary>
readonly struct LanePair<TFunction, TSlope> : ILanePair
    where TFunction : ILaneFunction
    where TSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x, out Vector512<float> slope)
    {
        slope = TSlope.Of(x);
        return TFunction.Of(x);
    }
}

/// <summary>Of x·σ(u(x)) with u = 2·√(2/π)(x + 0.044715x³): σ + x·σ(1 − σ)·u′.</summary>
readonly struct GeluTanhSlope : ILaneFunction
{
    const float Two = 1.5957691216057308f, Cubic = 0.044715f, Most = 30; // beyond which it is 0 or 1 in float32

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Most)), Vector512.Create(Most), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-Most)), Vector512.Create(-Most), x);
        var square = x * x;
        var u = Vector512.Create(Two) * Vector512.FusedMultiplyAdd(Vector512.Create(Cubic) * square, x, x);
        var slope = Vector512.Create(Two) * Vector512.FusedMultiplyAdd(Vector512.Create(3 * Cubic), square, Vector512<float>.One);
        return Logistic.Slope(x, u, slope);
    }
}

/// <summary>Of x·σ(x).</summary>
readonly struct SiluSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Logistic.Slope(x, x, Vector512<float>.One);
}

/// <summary>Of x·σ(1.702x).</summary>
readonly struct QuickGeluSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Logistic.Slope(x, Vector512.Create(1.702f) * x, Vector512.Create(1.702f));
}

/// <summary>Of max(x, 0): 0 at 0; NaN stays NaN.</summary>
readonly struct ReluSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => Vector512.ConditionalSelect(
        Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512.ConditionalSelect(Vector512.Equals(x, x), Vector512<float>.Zero, x));
}

/// <summary>Of max(x, 0)².</summary>
readonly struct SquaredReluSlope : ILaneFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var held = Relu.Of(x);
        return held + held;
    }
}

/// <summary>σ(u) = 1/(1 + e⁻ᵘ).</summary>
static class Logistic
{
    /// <summary>σ(u) + x·σ(u)·(1 − σ(u))·u′, the slope of x·σ(u); where e⁻ᵘ is too large for a float, 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x, Vector512<float> u, Vector512<float> slope)
    {
        var inverse = Exponential.Of(-u);
        var sigma = Vector512<float>.One / (Vector512<float>.One + inverse);
        return Vector512.FusedMultiplyAdd(x * slope, sigma * (inverse * sigma), sigma);
    }
}
