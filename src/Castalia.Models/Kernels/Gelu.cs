using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>x·Φ(x), Φ the normal distribution function. Absolute error below 1.5e-7·|x|, smaller still for large negative x.</summary>
/// <remarks>
/// z = |x|/√2. Below 1: erf z = z·P(z²), Chebyshev fit of degree 6, relative error 1.4e-9. From 1 to 6: erfc z = exp(−Q(z)),
/// fit of −ln erfc of degree 10, absolute error 4.4e-8. Beyond 6, where erfc is under 3e-17, it is 0. The negative side uses
/// erfc itself, so nothing cancels.
/// </remarks>
readonly struct GeluErf : ILaneFunction
{
    const float InverseSqrt2 = 0.707106781f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) => x * Distribution(x);

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Distribution(Vector512<float> x)
    {
        var z = Vector512.Abs(x) * Vector512.Create(InverseSqrt2);
        var u = z * z;
        var p = Vector512.Create(7.87578944394e-5f);
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(-0.000801684068293f));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(0.00518908500208f));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(-0.0268542108765f));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(0.112835946914f));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(-0.376126266649f));
        p = Vector512.FusedMultiplyAdd(p, u, Vector512.Create(1.12837916585f));
        var half = Vector512.Create(0.5f);
        var negative = Vector512.LessThan(x, Vector512<float>.Zero);
        var erf = z * p;
        var near = Vector512.FusedMultiplyAdd(half, Vector512.ConditionalSelect(negative, -erf, erf), half);
        if (Vector512.LessThanAll(z, Vector512<float>.One)) return near;

        var q = Vector512.Create(-6.54835740472e-9f);
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(3.12938733324e-7f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-6.85824927488e-6f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(9.16125882213e-5f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-0.000837127929822f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(0.00557594941179f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-0.028246777339f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(0.1127476546f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(0.629381913011f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(1.13150360489f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-0.000604793242156f));
        var halfErfc = half * Exponential.Of(-q);
        halfErfc = Vector512.ConditionalSelect(Vector512.GreaterThan(z, Vector512.Create(6f)), Vector512<float>.Zero, halfErfc);
        var far = Vector512.ConditionalSelect(negative, halfErfc, Vector512<float>.One - halfErfc);

        return Vector512.ConditionalSelect(Vector512.LessThan(z, Vector512<float>.One), near, far);
    }
}

/// <summary>½x(1 + tanh(√(2/π)(x + 0.044715x³))), written x/(1 + e^(−2·√(2/π)(x + 0.044715x³))), the same function without cancellation. Absolute error below 1.3e-7·|x|.</summary>
readonly struct GeluTanh : ILaneFunction
{
    const double TwoSqrtTwoOverPi = 1.5957691216057308;

    internal static double Reference(double x) => x / (1 + Elementary.Exp(-TwoSqrtTwoOverPi * (x + 0.044715 * x * x * x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var inner = Vector512.FusedMultiplyAdd(Vector512.Create(0.044715f) * x * x, x, x);
        return x / (Vector512<float>.One + Exponential.Of(Vector512.Create((float)-TwoSqrtTwoOverPi) * inner));
    }
}
