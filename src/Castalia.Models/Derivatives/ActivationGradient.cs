using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>The slope of the activation of an MLP.</summary>
static class ActivationGradient
{
    /// <summary>x ← f′(x).</summary>
    public static void Slope(Activation activation, Span<float> x)
    {
        switch (activation)
        {
            case Activation.GeluErf: Elementwise.Apply<GeluErfSlope>(x); break;
            case Activation.GeluTanh: Elementwise.Apply<GeluTanhSlope>(x); break;
            case Activation.QuickGelu: Elementwise.Apply<QuickGeluSlope>(x); break;
            case Activation.Silu: Elementwise.Apply<SiluSlope>(x); break;
            case Activation.Relu: Elementwise.Apply<ReluSlope>(x); break;
            case Activation.SquaredRelu: Elementwise.Apply<SquaredReluSlope>(x); break;
            default: throw Unknown(activation);
        }
    }

    static InvalidOperationException Unknown(Activation activation) => new($"No kernel for {activation}.");
}
