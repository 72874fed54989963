using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Makes the changes of a portion's variants while a block is computed, and keeps what of the clean entries they need.</summary>
/// <remarks>Changes of one site are made one after the other in float64, and rounded once: two that cancel leave what was there.</remarks>
sealed class SiteEdits : IBlockEdits
{
    readonly Architecture _a;
    readonly Crew _crew;
    readonly VariantBatch _variants;
    readonly CleanSites _clean;
    readonly IReadOnlyDictionary<string, SetMeans> _sets;
    readonly StreamDirections _directions;
    readonly HashSet<int> _rewritten = [];
    readonly HashSet<ResidualSite> _kept = [];
    BlockWeights? _weights;
    Chunk _chunk;
    bool _masks;
    ScoreRule[]? _rules; // of the block, where positions are masked

    public SiteEdits(Architecture architecture, Crew crew, VariantBatch variants, IReadOnlyDictionary<string, SetMeans> sets, StreamDirections directions)
    {
        (_a, _crew, _variants, _sets, _directions) = (architecture, crew, variants, sets, directions);
        _clean = new(variants.Batch, variants.CleanEntries, crew);
    }

    /// <summary>Rows of the chunk whose resid_mid or resid_post was changed, so that it is no sum any more.</summary>
    public IReadOnlySet<int> Rewritten => _rewritten;

    /// <summary>A block begins; its clean entries come first.</summary>
    public void BeginBlock(BlockWeights weights)
    {
        _weights = weights;
        _clean.Clear();
        _kept.Clear();
        _masks = false;
        foreach (var change in _variants.Interventions.SelectMany(intervention => intervention.Changes))
        {
            if (!change.Blocks.Has(weights.Layer, _a.NLayers)) continue;
            if (change.Deed is Deed.Mean { Over.Set: null } or Deed.Patch or Deed.PatchMatched) _kept.Add(change.Site!.Value);
            if (change.Unit is Unit.Along { Of: Direction.Clean { Site: var site } }) _kept.Add(site);
            if (HoldsSublayer(change)) _kept.Add(SiteOf(change.Held));
            _masks |= change.Deed is Deed.Mask;
        }
    }

    /// <summary>A chunk begins.</summary>
    public void BeginChunk(Chunk chunk)
    {
        _chunk = chunk;
        _rewritten.Clear();
    }

    /// <inheritdoc/>
    public void Edit(ResidualSite site, BlockActivations activations)
    {
        if (activations.Width(site) == 0) return;
        if (_kept.Contains(site)) _clean.Keep(site, _chunk, activations);
        if (site == ResidualSite.Z && _masks)
            _rules = [.. Enumerable.Range(0, _a.NHeads).Select(head => activations.Attention!.RuleOf(_weights!.Layer, head, _variants.Batch.Longest))];
        _crew.Run(_chunk.Prompts, (i, _) =>
        {
            int entry = _chunk.FirstPrompt + i;
            if (_variants.Of(entry) is { } variant) Edit(site, activations, entry, variant);
        });
    }

    void Edit(ResidualSite site, BlockActivations at, int entry, Variant variant)
    {
        int layer = _weights!.Layer, tokens = _variants.Batch.Prompts[entry].Ids.Count, firstRow = _variants.Batch.Starts[entry] - _chunk.FirstToken;
        float[]? row = null;
        double[]? x = null;
        bool holds = variant.Intervention.Changes.Any(change => HoldsSublayer(change) && SiteOf(change.Held) == site && change.Blocks.Has(layer, _a.NLayers));
        var changes = variant.Intervention.Changes.Where(change => (change.Site == site || change.Site is null) && change.Blocks.Has(layer, _a.NLayers)).ToArray();
        if (!holds && changes.Length == 0) return;
        for (int position = variant.First; position < tokens; position++)
        {
            if (!holds && !changes.Any(change => change.Positions.Has(position, tokens))) continue;
            row ??= new float[at.Width(site)];
            x ??= new double[row.Length];
            int token = firstRow + position - variant.First;
            if (holds) _clean.Row(site, _variants.CleanOf(entry), position).CopyTo(row);
            else at.Read(site, token, row);
            for (int d = 0; d < row.Length; d++) x[d] = row[d];
            foreach (var change in changes)
            {
                if (!change.Positions.Has(position, tokens)) continue;
                if (change.Deed is Deed.Mask mask) Mask(mask, change.Unit, at.Attention!, firstRow, position, x);
                else Make(change, site, entry, position, x);
            }
            bool isSame = true;
            for (int d = 0; d < row.Length; d++)
            {
                float becomes = (float)x[d];
                isSame &= becomes == row[d];
                row[d] = becomes;
            }
            if (isSame && !holds) continue;
            at.Write(site, token, row);
            if (isSame || site is not (ResidualSite.Mid or ResidualSite.Post)) continue;
            lock (_rewritten) _rewritten.Add(token);
        }
    }

    /// <summary>One change of one position's vector.</summary>
    void Make(Change change, ResidualSite site, int entry, int position, double[] x)
    {
        double[] source = SourceOf(change, site, entry, position);
        switch (change.Unit)
        {
            case Unit.Whole:
                ChangeArithmetic.Apply(change.Deed, x, source);
                break;
            case Unit.Some some:
                int width = some.Kind == UnitKind.Head ? _a.HeadDim : 1;
                foreach (int index in some.Indices)
                    ChangeArithmetic.Apply(change.Deed, x.AsSpan(index * width, width), source.Length == 0 ? [] : source.AsSpan(index * width, width));
                break;
            case Unit.Bias:
                var bias = site == ResidualSite.AttnOut ? _weights!.AttnOut.Bias : _weights!.Mlps[0].Down.Bias;
                if (bias is not null) ChangeArithmetic.ApplyToBias(_a, change.Deed, x, bias);
                break;
            case Unit.Along { Of: Direction.Mean or Direction.Components or Direction.Bands } along:
                ChangeArithmetic.ApplyWithin(change.Deed, x, _directions[along.Of, _weights!.Layer], source);
                break;
            case Unit.Along { Of: var direction }:
                if (!ChangeArithmetic.ApplyAlong(change.Deed, x, DirectionOf(direction, entry, position), source))
                    throw InterventionErrors.NoDirection(change.Place, direction.Name, _variants.Batch.Prompts[entry].Prompt, _weights!.Layer, position);
                break;
        }
    }

    /// <summary>z of some heads, or all, without what they bring from some positions.</summary>
    void Mask(Deed.Mask mask, Unit unit, AttentionPass vectors, int firstToken, int position, double[] z)
    {
        if (!mask.Sources.Any(source => source < position)) return;
        double[] weights = new double[position + 1], value = new double[_a.HeadDim];
        foreach (int head in unit is Unit.Some some ? some.Indices : Enumerable.Range(0, _a.NHeads))
        {
            SourceWeights.Write(vectors, _rules![head], head, firstToken, weights, mask.Sources);
            var of = z.AsSpan(head * _a.HeadDim, _a.HeadDim);
            of.Clear();
            for (int s = 0; s <= position; s++)
            {
                if (weights[s] == 0) continue;
                Wide.Copy(vectors.Value(firstToken + s, head), value);
                LaneSums.Add(weights[s], value, of);
            }
        }
    }

    double[] SourceOf(Change change, ResidualSite site, int entry, int position) => change.Deed switch
    {
        Deed.Mean { Over: { Set: null } } => _clean.Mean(site, _variants.CleanOf(entry)),
        Deed.Mean { Over: { Set: { } set } over } => _sets[set][_weights!.Layer, site, over.IncludesFirst],
        Deed.Patch or Deed.PatchMatched => Widened(_clean.Row(site, _variants.SourceOf(change.Deed, entry), position)),
        _ => [],
    };

    /// <summary>The one direction of a change at a position of an entry, of any length; null where it is the span of several.</summary>
    public double[]? DirectionAt(Direction direction, int entry, int position) => direction is Direction.Clean or Direction.Fixed
        ? DirectionOf(direction, entry, position)
        : _directions[direction, _weights!.Layer] is { Count: 1 } one ? one[0].ToArray() : null;

    double[] DirectionOf(Direction direction, int entry, int position) => direction switch
    {
        Direction.Clean clean => Widened(_clean.Row(clean.Site, _variants.CleanOf(entry), position)),
        Direction.Fixed @fixed => [.. @fixed.Of.Values.Select(value => (double)value)],
        _ => throw new ArgumentException($"{direction} is unknown.", nameof(direction)),
    };

    static bool HoldsSublayer(Change change) => change.Held is Held.Attn or Held.Mlp;

    static ResidualSite SiteOf(Held held) => held == Held.Attn ? ResidualSite.AttnOut : ResidualSite.MlpOut;

    static double[] Widened(ReadOnlySpan<float> row)
    {
        double[] wide = new double[row.Length];
        Wide.Copy(row, wide);
        return wide;
    }
}
