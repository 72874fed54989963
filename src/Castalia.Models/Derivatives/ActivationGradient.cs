using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>The activation of an MLP with its slope.</summary>
static class ActivationGradient
{
    /// <summary>x ← f(x), slope ← f′(x).</summary>
    public static void Both(Activation activation, Span<float> x, Span<float> slope)
    {
        switch (activation)
        {
            case Activation.GeluErf: Elementwise.ApplyBoth<GeluErfPair>(x, slope); break;
            case Activation.GeluTanh: Elementwise.ApplyBoth<LanePair<GeluTanh, GeluTanhSlope>>(x, slope); break;
            case Activation.QuickGelu: Elementwise.ApplyBoth<LanePair<QuickGelu, QuickGeluSlope>>(x, slope); break;
            case Activation.Silu: Elementwise.ApplyBoth<LanePair<Silu, SiluSlope>>(x, slope); break;
            case Activation.Relu: Elementwise.ApplyBoth<LanePair<Relu, ReluSlope>>(x, slope); break;
            case Activation.SquaredRelu: Elementwise.ApplyBoth<LanePair<SquaredRelu, SquaredReluSlope>>(x, slope); break;
            default: throw Unknown(activation);
        }
    }

    static InvalidOperationException Unknown(Activation activation) => new($"No kernel for {activation}.");
}
