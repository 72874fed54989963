using Castalia.Architectures;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>One block over one chunk of prompts.</summary>
sealed unsafe class BlockPass : IDisposable
{
    readonly Architecture _a;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly AttentionPass _attention;
    readonly IMlpPass _mlp;
    readonly PackedTokens _packed = new();

    public BlockPass(Architecture architecture, Crew crew, LinearPass linear, RotaryTables rotary)
    {
        (_a, _crew, _linear) = (architecture, crew, linear);
        _attention = new AttentionPass(architecture, crew, linear, rotary);
        _mlp = architecture.Mlp == MlpKind.Mixture
            ? new MixturePass(architecture, crew, linear)
            : new MlpPass(architecture, crew, linear);
        Activations = new BlockActivations(architecture);
    }

    /// <summary>What the last call left at every site.</summary>
    public BlockActivations Activations { get; }

    /// <summary>Takes a chunk of the stream through the block: every site of <see cref="Activations"/> is written, the stream is not.</summary>
    /// <param name="batch">Where the prompts lie.</param>
    /// <param name="chunk">The tokens.</param>
    /// <param name="weights">The block.</param>
    /// <param name="stream">resid_pre of the chunk, [tokens × d_model].</param>
    public void Run(RaggedBatch batch, Chunk chunk, BlockWeights weights, ReadOnlySpan<float> stream)
    {
        int tokens = chunk.Tokens, dModel = _a.DModel;
        var at = Activations;
        at.Resize(tokens);
        float* pre = at[ResidualSite.Pre], attnOut = at[ResidualSite.AttnOut], mlpOut = at[ResidualSite.MlpOut];
        stream.CopyTo(new Span<float>(pre, tokens * dModel));

        Read(tokens, weights.AttnNorm, ResidualSite.Pre, ResidualSite.AttnIn);
        _attention.Run(batch, chunk, weights, _packed.Pack(_crew, at[ResidualSite.AttnIn], tokens, dModel), at[ResidualSite.Z]);
        _linear.Run(_packed.Pack(_crew, at[ResidualSite.Z], tokens, at.Width(ResidualSite.Z)), weights.AttnOut, attnOut);
        Write(tokens, weights.AttnPostNorm, ResidualSite.AttnOut);

        bool sequential = _a.Wiring == Wiring.Sequential;
        if (sequential)
            EachToken(tokens, t => Add(at.Row(ResidualSite.Pre, t), at.Row(ResidualSite.AttnOut, t), at.Row(ResidualSite.Mid, t)));
        if (_a.Wiring == Wiring.ParallelOneNorm)
            EachToken(tokens, t => at.Row(ResidualSite.AttnIn, t).CopyTo(at.Row(ResidualSite.MlpIn, t)));
        else
            Read(tokens, weights.MlpNorm, sequential ? ResidualSite.Mid : ResidualSite.Pre, ResidualSite.MlpIn);
        float* mlpPost = at.Width(ResidualSite.MlpPost) > 0 ? at[ResidualSite.MlpPost] : null;
        _mlp.Run(_packed, at[ResidualSite.MlpIn], tokens, weights, mlpPost, mlpOut);
        Write(tokens, weights.MlpPostNorm, ResidualSite.MlpOut);

        if (sequential)
            EachToken(tokens, t => Add(at.Row(ResidualSite.Mid, t), at.Row(ResidualSite.MlpOut, t), at.Row(ResidualSite.Post, t)));
        else
            EachToken(tokens, t => AddBoth(at, t));
    }

    /// <summary>What a sublayer reads: the stream through its norm, or the stream itself where it has none.</summary>
    void Read(int tokens, NormWeights? norm, ResidualSite stream, ResidualSite input) => EachToken(tokens, t =>
    {
        Span<float> x = Activations.Row(stream, t), y = Activations.Row(input, t);
        if (norm is null) x.CopyTo(y);
        else Norm(_a, norm, x, y);
    });

    /// <summary>What a sublayer gives becomes what it adds: through its norm and times the residual scale, where it has them.</summary>
    void Write(int tokens, NormWeights? norm, ResidualSite output)
    {
        if (norm is null && _a.ResidualScale == 1) return;
        EachToken(tokens, t =>
        {
            var y = Activations.Row(output, t);
            if (norm is not null) Norm(_a, norm, y, y);
            if (_a.ResidualScale != 1) Elementwise.Scale(y, _a.ResidualScale);
        });
    }

    /// <summary>Reads one position through a norm of the architecture's kind; y may be x.</summary>
    public static void Norm(Architecture a, NormWeights weights, ReadOnlySpan<float> x, Span<float> y) =>
        Norm(a, weights.Weight, weights.Bias, x, y);

    /// <summary>The same with a part of a norm's weights; an empty bias for none.</summary>
    public static void Norm(Architecture a, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (a.Norm)
        {
            case NormKind.LayerNorm: Norms.Layer(x, weight, bias, a.NormEpsilon, y); break;
            case NormKind.RmsNorm: Norms.Rms(x, weight, a.NormEpsilon, y); break;
            default: throw new InvalidOperationException($"No kernel for {a.Norm}.");
        }
    }

    void EachToken(int tokens, Action<int> work)
    {
        const int tokensPerPiece = 16;
        _crew.Run((tokens + tokensPerPiece - 1) / tokensPerPiece, (piece, _) =>
        {
            for (int t = piece * tokensPerPiece; t < Math.Min(tokens, (piece + 1) * tokensPerPiece); t++) work(t);
        });
    }

    static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] = x[i] + y[i];
    }

    /// <summary>resid_pre + attn_out + mlp_out, rounded once.</summary>
    static void AddBoth(BlockActivations at, int t)
    {
        ReadOnlySpan<float> h = at.Row(ResidualSite.Pre, t), a = at.Row(ResidualSite.AttnOut, t), m = at.Row(ResidualSite.MlpOut, t);
        var post = at.Row(ResidualSite.Post, t);
        for (int i = 0; i < post.Length; i++) post[i] = (float)((double)h[i] + a[i] + m[i]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        _mlp.Dispose();
        _packed.Dispose();
        Activations.Dispose();
    }
}
