using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>An activation and its derivative at one number, float64.</summary>
/// <remarks>
/// With Φ and φ of the normal distribution and σ the logistic function: (xΦ)′ = Φ + xφ; (½x(1 + tanh u))′ = ½(1 + tanh u) + ½x(1 − tanh² u)u′;
/// (xσ(bx))′ = σ + bxσ(1 − σ). Of ReLU and its square the derivative at 0 is 0, as PyTorch has it.
/// </remarks>
static class ActivationSlope
{
    const double InverseSqrt2 = 0.7071067811865476, InverseSqrt2Pi = 0.3989422804014327, SqrtTwoOverPi = 0.7978845608028654, Cubic = 0.044715, Quick = 1.702;

    /// <summary>f(x) and f′(x).</summary>
    public static (double Value, double Slope) Of(Activation activation, double x) => activation switch
    {
        Activation.GeluErf => Erf(x),
        Activation.GeluTanh => Tanh(x),
        Activation.QuickGelu => Logistic(x, Quick),
        Activation.Silu => Logistic(x, 1),
        Activation.Relu => x > 0 ? (x, 1) : (0, 0),
        Activation.SquaredRelu => x > 0 ? (x * x, 2 * x) : (0, 0),
        _ => throw new InvalidOperationException($"No derivative of {activation}."),
    };

    /// <summary>tanh u and its derivative.</summary>
    public static (double Value, double Slope) OfTanh(double u)
    {
        double e = Elementary.Exp(-2 * Math.Abs(u)), tanh = (1 - e) / (1 + e);
        return (Math.CopySign(tanh, u), 4 * e / ((1 + e) * (1 + e)));
    }

    static (double, double) Erf(double x)
    {
        double phi = 0.5 * GaussError.OnePlus(x * InverseSqrt2);
        return (x * phi, phi + x * InverseSqrt2Pi * Elementary.Exp(-0.5 * x * x));
    }

    static (double, double) Tanh(double x)
    {
        var (tanh, slope) = OfTanh(SqrtTwoOverPi * (x + Cubic * x * x * x));
        return (0.5 * x * (1 + tanh), 0.5 * (1 + tanh) + 0.5 * x * slope * SqrtTwoOverPi * (1 + 3 * Cubic * x * x));
    }

    static (double, double) Logistic(double x, double b)
    {
        double e = Elementary.Exp(-Math.Abs(b * x)), share = b * x >= 0 ? 1 / (1 + e) : e / (1 + e);
        return (x * share, share + b * x * (e / ((1 + e) * (1 + e))));
    }
}
