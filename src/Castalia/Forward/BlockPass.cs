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
        float* attnOut = at[ResidualSite.AttnOut], mlpOut = at[ResidualSite.MlpOut];
        fixed (float* pinned = stream)
        {
            float* from = pinned;
            EachToken(tokens, t => Begin(weights, new ReadOnlySpan<float>(from + (long)t * dModel, dModel), t));
        }
        _attention.Run(batch, chunk, weights, _packed.Pack(_crew, at[ResidualSite.AttnIn], tokens, dModel), at[ResidualSite.Z]);
        _linear.Run(_packed.Pack(_crew, at[ResidualSite.Z], tokens, at.Width(ResidualSite.Z)), weights.AttnOut, attnOut);
        bool sequential = _a.Wiring == Wiring.Sequential;
        if (sequential || Rewrites(weights.AttnPostNorm)) EachToken(tokens, t => Between(weights, sequential, t));
        float* mlpPost = at.Width(ResidualSite.MlpPost) > 0 ? at[ResidualSite.MlpPost] : null;
        _mlp.Run(_packed, at[ResidualSite.MlpIn], tokens, weights, mlpPost, mlpOut);
        EachToken(tokens, t => End(weights, sequential, t));
    }

    /// <summary>resid_pre, and what is read from it: attn_in, in parallel blocks mlp_in too.</summary>
    void Begin(BlockWeights weights, ReadOnlySpan<float> stream, int t)
    {
        Span<float> pre = Activations.Row(ResidualSite.Pre, t), attnIn = Activations.Row(ResidualSite.AttnIn, t);
        stream.CopyTo(pre);
        // One norm's statistics serve every norm of the same vector.
        var statistics = weights.AttnNorm is null && weights.MlpNorm is null ? default : Statistics(_a, pre);
        Read(weights.AttnNorm, statistics, pre, attnIn);
        if (_a.Wiring == Wiring.ParallelOneNorm) attnIn.CopyTo(Activations.Row(ResidualSite.MlpIn, t));
        else if (_a.Wiring != Wiring.Sequential) Read(weights.MlpNorm, statistics, pre, Activations.Row(ResidualSite.MlpIn, t));
    }

    /// <summary>What attention adds; in sequential blocks also resid_mid and mlp_in.</summary>
    void Between(BlockWeights weights, bool sequential, int t)
    {
        var attnOut = Activations.Row(ResidualSite.AttnOut, t);
        Write(weights.AttnPostNorm, attnOut);
        if (!sequential) return;
        var mid = Activations.Row(ResidualSite.Mid, t);
        Elementwise.Add(Activations.Row(ResidualSite.Pre, t), attnOut, mid);
        Read(weights.MlpNorm, weights.MlpNorm is null ? default : Statistics(_a, mid), mid, Activations.Row(ResidualSite.MlpIn, t));
    }

    /// <summary>What the MLP adds, and resid_post, rounded once.</summary>
    void End(BlockWeights weights, bool sequential, int t)
    {
        Span<float> mlpOut = Activations.Row(ResidualSite.MlpOut, t), post = Activations.Row(ResidualSite.Post, t);
        Write(weights.MlpPostNorm, mlpOut);
        if (sequential) Elementwise.Add(Activations.Row(ResidualSite.Mid, t), mlpOut, post);
        else Elementwise.AddBoth(Activations.Row(ResidualSite.Pre, t), Activations.Row(ResidualSite.AttnOut, t), mlpOut, post);
    }

    /// <summary>What a sublayer reads: the stream through its norm, or the stream itself where it has none.</summary>
    static void Read(NormWeights? norm, NormStatistics statistics, ReadOnlySpan<float> x, Span<float> y)
    {
        if (norm is null) x.CopyTo(y);
        else Norms.Apply(statistics, x, norm.Weight, norm.Bias, y);
    }

    /// <summary>What a sublayer gives becomes what it adds: through its norm and times the residual scale, where it has them.</summary>
    void Write(NormWeights? norm, Span<float> y)
    {
        if (norm is not null) Norm(_a, norm, y, y);
        if (_a.ResidualScale != 1) Elementwise.Scale(y, _a.ResidualScale);
    }

    bool Rewrites(NormWeights? norm) => norm is not null || _a.ResidualScale != 1;

    /// <summary>Reads one position through a norm of the architecture's kind; y may be x.</summary>
    public static void Norm(Architecture a, NormWeights weights, ReadOnlySpan<float> x, Span<float> y) =>
        Norm(a, weights.Weight, weights.Bias, x, y);

    /// <summary>The same with a part of a norm's weights; an empty bias for none.</summary>
    public static void Norm(Architecture a, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y) =>
        Norms.Apply(Statistics(a, x), x, weight, bias, y);

    static NormStatistics Statistics(Architecture a, ReadOnlySpan<float> x) => a.Norm switch
    {
        NormKind.LayerNorm => Norms.LayerStatistics(x, a.NormEpsilon),
        NormKind.RmsNorm => Norms.RmsStatistics(x, a.NormEpsilon),
        _ => throw new InvalidOperationException($"No kernel for {a.Norm}."),
    };

    void EachToken(int tokens, Action<int> work)
    {
        const int tokensPerPiece = 16;
        _crew.Run((tokens + tokensPerPiece - 1) / tokensPerPiece, (piece, _) =>
        {
            for (int t = piece * tokensPerPiece; t < Math.Min(tokens, (piece + 1) * tokensPerPiece); t++) work(t);
        });
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
