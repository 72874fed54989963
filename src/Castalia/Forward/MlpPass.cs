using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>What a block does beside attention.</summary>
unsafe interface IMlpPass : IDisposable
{
    /// <summary>Writes mlp_out before any post-norm, [tokens × d_model].</summary>
    /// <param name="packed">Room to lay tokens out in.</param>
    /// <param name="input">mlp_in, [tokens × d_model].</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="weights">The block.</param>
    /// <param name="mlpPost">mlp_post, [tokens × d_ff], written; null where the architecture has no such site.</param>
    /// <param name="mlpOut">Written.</param>
    void Run(PackedTokens packed, float* input, int tokens, BlockWeights weights, float* mlpPost, float* mlpOut);
}

/// <summary>One MLP for every token.</summary>
sealed unsafe class MlpPass(Architecture architecture, Crew crew, LinearPass linear) : IMlpPass
{
    readonly FloatBuffer _up = new();

    /// <inheritdoc/>
    public void Run(PackedTokens packed, float* input, int tokens, BlockWeights weights, float* mlpPost, float* mlpOut) =>
        Run(packed, input, tokens, weights.Mlps[0], mlpPost, mlpOut);

    /// <summary>The same for one MLP of the block.</summary>
    public void Run(PackedTokens packed, float* input, int tokens, MlpWeights weights, float* mlpPost, float* mlpOut)
    {
        packed.Pack(crew, input, tokens, architecture.DModel);
        int dFf = architecture.DFf;
        if (weights.Gate is { } gate)
        {
            float* up = _up.Resize((long)tokens * dFf).Data;
            linear.Run(packed, new LinearOutput(gate, mlpPost), new LinearOutput(weights.Up, up));
            EachPiece((long)tokens * dFf, (start, count) => Gated(new Span<float>(mlpPost + start, count), new Span<float>(up + start, count)));
        }
        else
        {
            linear.Run(packed, new LinearOutput(weights.Up, mlpPost, Plain));
        }
        linear.Run(packed.Pack(crew, mlpPost, tokens, dFf), weights.Down, mlpOut);
    }

    /// <summary>Every value by itself: pieces need not end where a token does.</summary>
    void EachPiece(long values, Action<long, int> work)
    {
        const int most = 1 << 14;
        crew.Run((int)((values + most - 1) / most), (piece, _) => work((long)piece * most, (int)Math.Min(most, values - (long)piece * most)));
    }

    void Plain(Span<float> x)
    {
        switch (architecture.Activation)
        {
            case Activation.GeluErf: Elementwise.Apply<GeluErf>(x); break;
            case Activation.GeluTanh: Elementwise.Apply<GeluTanh>(x); break;
            case Activation.QuickGelu: Elementwise.Apply<QuickGelu>(x); break;
            case Activation.Silu: Elementwise.Apply<Silu>(x); break;
            case Activation.Relu: Elementwise.Apply<Relu>(x); break;
            case Activation.SquaredRelu: Elementwise.Apply<SquaredRelu>(x); break;
            default: throw Unknown();
        }
    }

    void Gated(Span<float> gate, ReadOnlySpan<float> up)
    {
        switch (architecture.Activation)
        {
            case Activation.GeluErf: Elementwise.ApplyGated<GeluErf>(gate, up); break;
            case Activation.GeluTanh: Elementwise.ApplyGated<GeluTanh>(gate, up); break;
            case Activation.QuickGelu: Elementwise.ApplyGated<QuickGelu>(gate, up); break;
            case Activation.Silu: Elementwise.ApplyGated<Silu>(gate, up); break;
            case Activation.Relu: Elementwise.ApplyGated<Relu>(gate, up); break;
            case Activation.SquaredRelu: Elementwise.ApplyGated<SquaredRelu>(gate, up); break;
            default: throw Unknown();
        }
    }

    InvalidOperationException Unknown() => new($"No kernel for {architecture.Activation}.");

    /// <inheritdoc/>
    public void Dispose() => _up.Dispose();
}
