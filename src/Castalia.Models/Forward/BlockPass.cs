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
    readonly PackedTokens _z = new();

    public BlockPass(Architecture architecture, Crew crew, LinearPass linear, RotaryTables rotary)
    {
        (_a, _crew, _linear) = (architecture, crew, linear);
        _attention = new AttentionPass(architecture, crew, linear, rotary);
        _mlp = architecture.Mlp == MlpKind.Mixture
            ? new MixturePass(architecture, crew, linear)
            : new MlpPass(architecture, crew, linear);
        Activations = new BlockActivations(architecture) { Attention = _attention };
    }

    /// <summary>What the last call left at every site.</summary>
    public BlockActivations Activations { get; }

    /// <summary>Takes a chunk of the stream through the block: every site of <see cref="Activations"/> is written, the stream is not.</summary>
    /// <param name="batch">Where the prompts lie.</param>
    /// <param name="chunk">The tokens.</param>
    /// <param name="weights">The block.</param>
    /// <param name="stream">resid_pre of the chunk.</param>
    /// <param name="edits">Changes it, and the sites, as they are computed; null for nobody.</param>
    public void Run(RaggedBatch batch, Chunk chunk, BlockWeights weights, PackedTokens stream, IBlockEdits? edits = null)
    {
        var at = Activations;
        at.Begin(stream, sameInput: _a.Wiring == Wiring.ParallelOneNorm);
        edits?.Edit(ResidualSite.Pre, at);
        EachStrip(stream, strip => Begin(weights, strip));
        edits?.Edit(ResidualSite.AttnIn, at);
        _attention.Run(batch, chunk, weights, at[ResidualSite.AttnIn], at.Z);
        edits?.Edit(ResidualSite.Z, at);
        _linear.Run(_z.Pack(_crew, at.Z, chunk.Tokens, at.Width(ResidualSite.Z)), weights.AttnOut, at[ResidualSite.AttnOut]);
        bool sequential = _a.Wiring == Wiring.Sequential;
        if (edits is not null) Between(weights, sequential, stream, edits);
        else if (sequential || Rewrites(weights.AttnPostNorm)) EachStrip(stream, strip => Between(weights, sequential, strip));
        _mlp.Run(
            at[ResidualSite.MlpIn], weights, at.Width(ResidualSite.MlpPost) > 0 ? at[ResidualSite.MlpPost] : null, at[ResidualSite.MlpOut],
            edits is null ? null : () => edits.Edit(ResidualSite.MlpPost, at));
        if (edits is not null && Rewrites(weights.MlpPostNorm)) EachStrip(stream, strip => Write(weights.MlpPostNorm, at[ResidualSite.MlpOut].StripAt(strip)));
        edits?.Edit(ResidualSite.MlpOut, at);
        EachStrip(stream, strip => End(weights, sequential, strip, isWritten: edits is not null));
        edits?.Edit(ResidualSite.Post, at);
    }

    /// <summary>The same steps as without changes, each over all strips before a site is changed.</summary>
    void Between(BlockWeights weights, bool sequential, PackedTokens stream, IBlockEdits edits)
    {
        var at = Activations;
        if (Rewrites(weights.AttnPostNorm)) EachStrip(stream, strip => Write(weights.AttnPostNorm, at[ResidualSite.AttnOut].StripAt(strip)));
        edits.Edit(ResidualSite.AttnOut, at);
        if (sequential)
        {
            EachStrip(stream, strip => StripArithmetic.Add(at[ResidualSite.Pre].StripAt(strip), at[ResidualSite.AttnOut].StripAt(strip), at[ResidualSite.Mid].StripAt(strip)));
            edits.Edit(ResidualSite.Mid, at);
            EachStrip(stream, strip => ReadMid(weights, strip));
        }
        edits.Edit(ResidualSite.MlpIn, at);
    }

    /// <summary>What is read from resid_pre: attn_in, in parallel blocks mlp_in too.</summary>
    void Begin(BlockWeights weights, int strip)
    {
        var pre = Activations[ResidualSite.Pre].StripAt(strip);
        // One norm's statistics serve every norm of the same vector.
        StripNorms.Statistics statistics;
        if (weights.AttnNorm is not null || weights.MlpNorm is not null) Statistics(_a, pre, &statistics);
        Read(weights.AttnNorm, &statistics, pre, Activations[ResidualSite.AttnIn].StripAt(strip));
        if (_a.Wiring is not (Wiring.Sequential or Wiring.ParallelOneNorm))
            Read(weights.MlpNorm, &statistics, pre, Activations[ResidualSite.MlpIn].StripAt(strip));
    }

    /// <summary>What attention adds; in sequential blocks also resid_mid and mlp_in.</summary>
    void Between(BlockWeights weights, bool sequential, int strip)
    {
        var attnOut = Activations[ResidualSite.AttnOut].StripAt(strip);
        Write(weights.AttnPostNorm, attnOut);
        if (!sequential) return;
        var mid = Activations[ResidualSite.Mid].StripAt(strip);
        StripArithmetic.Add(Activations[ResidualSite.Pre].StripAt(strip), attnOut, mid);
        ReadMid(weights, strip);
    }

    /// <summary>mlp_in of a sequential block.</summary>
    void ReadMid(BlockWeights weights, int strip)
    {
        var mid = Activations[ResidualSite.Mid].StripAt(strip);
        StripNorms.Statistics statistics;
        if (weights.MlpNorm is not null) Statistics(_a, mid, &statistics);
        Read(weights.MlpNorm, &statistics, mid, Activations[ResidualSite.MlpIn].StripAt(strip));
    }

    /// <summary>What the MLP adds, and resid_post, rounded once.</summary>
    void End(BlockWeights weights, bool sequential, int strip, bool isWritten)
    {
        Strip mlpOut = Activations[ResidualSite.MlpOut].StripAt(strip), post = Activations[ResidualSite.Post].StripAt(strip);
        if (!isWritten) Write(weights.MlpPostNorm, mlpOut);
        if (sequential) StripArithmetic.Add(Activations[ResidualSite.Mid].StripAt(strip), mlpOut, post);
        else StripArithmetic.AddBoth(Activations[ResidualSite.Pre].StripAt(strip), Activations[ResidualSite.AttnOut].StripAt(strip), mlpOut, post);
    }

    /// <summary>What a sublayer reads: the stream through its norm, or the stream itself where it has none.</summary>
    static void Read(NormWeights? norm, StripNorms.Statistics* statistics, Strip x, Strip y)
    {
        if (norm is null) StripArithmetic.Copy(x, y);
        else StripNorms.Apply(statistics, x, norm.Weight, norm.Bias, y);
    }

    /// <summary>What a sublayer gives becomes what it adds: through its norm and times the residual scale, where it has them.</summary>
    void Write(NormWeights? norm, Strip y)
    {
        if (norm is not null)
        {
            StripNorms.Statistics statistics;
            Statistics(_a, y, &statistics);
            StripNorms.Apply(&statistics, y, norm.Weight, norm.Bias, y);
        }
        if (_a.ResidualScale != 1) StripArithmetic.Scale(y, _a.ResidualScale);
    }

    bool Rewrites(NormWeights? norm) => norm is not null || _a.ResidualScale != 1;

    /// <summary>Reads one position through a norm of the architecture's kind; y may be x.</summary>
    public static void Norm(Architecture a, NormWeights weights, ReadOnlySpan<float> x, Span<float> y) =>
        Norm(a, weights.Weight, weights.Bias, x, y);

    /// <summary>The same with a part of a norm's weights; an empty bias for none.</summary>
    public static void Norm(Architecture a, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y) =>
        Norms.Apply(Statistics(a, x), x, weight, bias, y);

    /// <summary>What a norm of the architecture's kind takes from one position.</summary>
    public static NormStatistics Statistics(Architecture a, ReadOnlySpan<float> x) => a.Norm switch
    {
        NormKind.LayerNorm => Norms.LayerStatistics(x, a.NormEpsilon),
        NormKind.RmsNorm => Norms.RmsStatistics(x, a.NormEpsilon),
        _ => throw Unknown(a),
    };

    static void Statistics(Architecture a, Strip x, StripNorms.Statistics* statistics)
    {
        switch (a.Norm)
        {
            case NormKind.LayerNorm: StripNorms.Layer(x, a.NormEpsilon, statistics); break;
            case NormKind.RmsNorm: StripNorms.Rms(x, a.NormEpsilon, statistics); break;
            default: throw Unknown(a);
        }
    }

    static InvalidOperationException Unknown(Architecture a) => new($"No kernel for {a.Norm}.");

    void EachStrip(PackedTokens tokens, Action<int> work) => _crew.Run(tokens.Strips, (strip, _) => work(strip));

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        _mlp.Dispose();
        _z.Dispose();
        Activations.Dispose();
    }
}
