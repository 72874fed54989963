using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>The MLP up to the input of its down projection.</summary>
sealed unsafe class MlpPass(Architecture architecture, Crew crew, LinearPass linear) : IDisposable
{
    readonly FloatBuffer _up = new();

    /// <summary>Writes mlp_post, [tokens × d_ff].</summary>
    public void Run(PackedTokens input, BlockWeights weights, float* mlpPost)
    {
        int tokens = input.Tokens, dFf = architecture.DFf;
        if (weights.MlpGate is { } gate)
        {
            linear.Run(input, gate, mlpPost);
            float* up = _up.Resize((long)tokens * dFf).Data;
            linear.Run(input, weights.MlpUp, up);
            crew.Run(tokens, (t, _) => Gated(new Span<float>(mlpPost + (long)t * dFf, dFf), new Span<float>(up + (long)t * dFf, dFf)));
        }
        else
        {
            linear.Run(input, weights.MlpUp, mlpPost);
            crew.Run(tokens, (t, _) => Plain(new Span<float>(mlpPost + (long)t * dFf, dFf)));
        }
    }

    void Plain(Span<float> x)
    {
        switch (architecture.Activation)
        {
            case Activation.GeluErf: Elementwise.Apply<GeluErf>(x); break;
            case Activation.GeluTanh: Elementwise.Apply<GeluTanh>(x); break;
            case Activation.Silu: Elementwise.Apply<Silu>(x); break;
            case Activation.Relu: Elementwise.Apply<Relu>(x); break;
            default: throw Unknown();
        }
    }

    void Gated(Span<float> gate, ReadOnlySpan<float> up)
    {
        switch (architecture.Activation)
        {
            case Activation.GeluErf: Elementwise.ApplyGated<GeluErf>(gate, up); break;
            case Activation.GeluTanh: Elementwise.ApplyGated<GeluTanh>(gate, up); break;
            case Activation.Silu: Elementwise.ApplyGated<Silu>(gate, up); break;
            case Activation.Relu: Elementwise.ApplyGated<Relu>(gate, up); break;
            default: throw Unknown();
        }
    }

    InvalidOperationException Unknown() => new($"No kernel for {architecture.Activation}.");

    /// <inheritdoc/>
    public void Dispose() => _up.Dispose();
}
