using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Attribution;

/// <summary>Attributes what every block adds while its activations pass.</summary>
sealed class AttributionPass : IBlockObserver, IDisposable
{
    /// <summary>Tokens that share the reading of a block's weights.</summary>
    const int MostTokens = 64;

    readonly ForwardPass _pass;
    readonly Architecture _a;
    readonly AttributionOptions _options;
    readonly WeightReader _read;
    readonly LinearPass _linear;
    readonly BothSides _products;
    readonly ExpertInputs? _experts;
    readonly WrittenParts _attention, _mlp;
    readonly TokenVectors _pre = new(), _post = new(), _both = new(), _z = new(), _zWeighing = new(), _mlpPost = new(), _mlpWeighing = new();
    readonly List<BlockAttribution>[] _found;
    readonly List<UnitMeans> _means = [];
    readonly int[] _halves;
    UnitSums? _sums;
    BlockWeights? _weights;

    /// <param name="pass">The pass.</param>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="options">What is attributed.</param>
    public AttributionPass(ForwardPass pass, Checkpoint checkpoint, AttributionOptions options)
    {
        (_pass, _a, _options) = (pass, pass.Architecture, options);
        if (options.Blocks.Missing(_a.NLayers) is { } missing) throw AttributionErrors.NoSuchBlock(missing, _a.NLayers, checkpoint.Path);
        _read = new WeightReader(pass.Weights, _a, checkpoint);
        _linear = new LinearPass(pass.Crew);
        _products = new BothSides(pass.Crew);
        (_attention, _mlp) = (new(pass.Crew), new(pass.Crew));
        _experts = _a.Mlp == MlpKind.Mixture ? new ExpertInputs(_a, pass.Crew, _linear) : null;
        _found = [.. pass.Batch.Prompts.Select(_ => new List<BlockAttribution>())];
        _halves = PromptHalves.Of(pass.Batch.Prompts);
    }

    /// <summary>What was found, in the order of the prompts.</summary>
    public IReadOnlyList<PromptAttribution> Prompts => [.. _found.Select(blocks => new PromptAttribution(blocks))];

    /// <summary>Means over the prompts, of every block that was attributed.</summary>
    public IReadOnlyList<UnitMeans> Means => _sums is null ? _means : [.. _means, _sums.Means];

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        if (!_options.Blocks.Has(layer, _a.NLayers)) return;
        if (_weights?.Layer != layer)
        {
            _weights = BlockWeights.Read(_read, _a, layer);
            if (_sums is not null) _means.Add(_sums.Means);
            _sums = new(layer, _a.NHeads, (_a.Mixture?.Experts ?? 1) * _a.DFf, _a.NHeads * _a.HeadDim, _options.Lengths ? new(_a, _weights, _pass.Crew) : null);
        }
        var batch = _pass.Batch;
        var tokens = new List<int>(); // rows of the chunk
        for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
            for (int row = _options.AllPositions ? batch.Starts[p] : batch.Starts[p + 1] - 1; row < batch.Starts[p + 1]; row++) tokens.Add(row - chunk.FirstToken);
        foreach (int[] some in tokens.Chunk(MostTokens)) Attribute(_weights, chunk, activations, some);
    }

    void Attribute(BlockWeights weights, Chunk chunk, BlockActivations at, int[] tokens)
    {
        Read(at, tokens, [(ResidualSite.Pre, _pre), (ResidualSite.Post, _post), (ResidualSite.Z, _z), .. _experts is null ? [(ResidualSite.MlpPost, _mlpPost)] : Array.Empty<(ResidualSite, TokenVectors)>()]);
        _both.Clear(tokens.Length, _a.DModel);
        _pass.Crew.Run(tokens.Length, (i, _) =>
        {
            Span<double> v = _both.Row(i), pre = _pre.Row(i), post = _post.Row(i);
            for (int d = 0; d < v.Length; d++) v[d] = pre[d] + post[d];
        });
        int[] each = [.. Enumerable.Range(0, tokens.Length)];
        double[] ones = [.. tokens.Select(_ => 1.0)];
        var z = new Projection(weights.AttnOut, each, ones, _z, _zWeighing);
        IReadOnlyList<(int Expert, Projection Projection)> experts =
            _experts is null ? [(0, new(weights.Mlps[0].Down, each, ones, _mlpPost, _mlpWeighing))] : Experts(weights, at, tokens);
        try
        {
            _attention.Of(_a, weights.AttnPostNorm, [z], _both, _products);
            _mlp.Of(_a, weights.MlpPostNorm, [.. experts.Select(e => e.Projection)], _both, _products);
            var heads = new HeadSources(_pass, weights.Layer, chunk, at.Attention!);
            var found = new TokenAttribution[tokens.Length];
            var kept = new BlockAttribution[tokens.Length];
            _pass.Crew.Run(tokens.Length, (i, _) =>
            {
                var (prompt, position) = _pass.Batch.At(chunk.FirstToken + tokens[i]);
                var place = new TokenPlace(_pass.Batch.Prompts[prompt].Prompt, weights.Layer, position);
                found[i] = TokenAttribution.Of(_a, place, _pre.Row(i), _post.Row(i), _attention, _mlp, z, experts, i);
                var sources = _options.AllParts || IsLast(prompt, position) ? heads.Of(prompt, position, z.Weighing.Row(i), found[i].Square) : null;
                var derived = _options.Derivation.Of(weights.Layer, _pre.Row(i), _post.Row(i));
                found[i].RequireClosed(derived);
                kept[i] = found[i].Kept(_options, sources, derived);
            });
            for (int i = 0; i < tokens.Length; i++)
            {
                var (prompt, _) = _pass.Batch.At(chunk.FirstToken + tokens[i]);
                _found[prompt].Add(kept[i]);
            }
            _pass.Crew.Run(2, (half, _) =>
            {
                for (int i = 0; i < tokens.Length; i++)
                {
                    var (prompt, position) = _pass.Batch.At(chunk.FirstToken + tokens[i]);
                    if (_halves[prompt] == half && IsLast(prompt, position)) Add(half, found[i], z.Inner.Row(i), _attention.Factors[i], _experts is null ? _mlpPost.Row(i) : [], _mlp.Factors[i]);
                }
            });
        }
        finally
        {
            if (_experts is not null)
                foreach (var (_, projection) in experts)
                {
                    projection.Inner.Dispose();
                    projection.Weighing.Dispose();
                }
        }
    }

    void Add(int half, TokenAttribution found, ReadOnlySpan<double> z, double ofAttention, ReadOnlySpan<double> mlpPost, double ofMlp)
    {
        try
        {
            _sums!.Add(half, found.Heads, found.Neurons, z, ofAttention, mlpPost, ofMlp, Math.Sqrt(found.Square));
        }
        catch (OverflowException e)
        {
            throw AttributionErrors.TooLarge(found.Place.Prompt, found.Place.Block, found.Place.Position, e);
        }
    }

    bool IsLast(int prompt, int position) => position == _pass.Batch.Prompts[prompt].Ids.Count - 1;

    IReadOnlyList<(int Expert, Projection Projection)> Experts(BlockWeights weights, BlockActivations at, int[] tokens)
    {
        float[] input = new float[tokens.Length * _a.DModel];
        for (int i = 0; i < tokens.Length; i++) at.Read(ResidualSite.MlpIn, tokens[i], input.AsSpan(i * _a.DModel, _a.DModel));
        return _experts!.Of(weights, input, tokens.Length);
    }

    /// <summary>Reads sites of some tokens, all at once: threads wait for each other once.</summary>
    void Read(BlockActivations at, int[] tokens, (ResidualSite Site, TokenVectors To)[] sites)
    {
        foreach (var (site, to) in sites) to.Clear(tokens.Length, at.Width(site));
        _pass.Crew.Run(sites.Length * tokens.Length, (piece, _) =>
        {
            var (site, to) = sites[piece / tokens.Length];
            int i = piece % tokens.Length;
            float[] values = new float[to.Width];
            at.Read(site, tokens[i], values);
            Wide.Copy(values, to.Row(i));
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linear.Dispose();
        _products.Dispose();
        _experts?.Dispose();
        _attention.Dispose();
        _mlp.Dispose();
        _pre.Dispose();
        _post.Dispose();
        _both.Dispose();
        foreach (var vectors in new[] { _z, _zWeighing, _mlpPost, _mlpWeighing }) vectors.Dispose();
    }
}
