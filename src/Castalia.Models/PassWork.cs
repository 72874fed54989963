using Castalia.Forward;
using Castalia.Residual;

namespace Castalia;

/// <summary>Keeps, shows and changes activations while a pass runs.</summary>
sealed class PassWork : IBlockObserver, IBlockEdits
{
    readonly ForwardPass _pass;
    readonly PassResult _result;
    readonly ILookup<int, Site> _kept;
    readonly ILookup<int, (Site Site, SiteObserver With)> _observed;
    readonly ILookup<int, (Site Site, SiteChange With)> _changed;
    int _layer;
    Chunk _chunk;

    public PassWork(ForwardPass pass, PassResult result, IEnumerable<(Site Site, SiteObserver With)> observed, IEnumerable<(Site Site, SiteChange With)> changed)
    {
        (_pass, _result) = (pass, result);
        _kept = result.Sites.ToLookup(site => site.Block);
        _observed = observed.ToLookup(o => o.Site.Block);
        _changed = changed.ToLookup(c => c.Site.Block);
    }

    /// <summary>What changes a chunk in a block; null where nothing does.</summary>
    public IBlockEdits? EditsOf(int layer, Chunk chunk)
    {
        (_layer, _chunk) = (layer, chunk);
        return _changed.Contains(layer) ? this : null;
    }

    /// <inheritdoc/>
    public void Edit(ResidualSite site, BlockActivations activations)
    {
        var changes = _changed[_layer].Where(change => change.Site.Kind == site).ToArray();
        if (changes.Length == 0) return;
        float[] row = new float[activations.Width(site)];
        for (int t = 0; t < _chunk.Tokens; t++)
        {
            var (sequence, position) = _pass.Batch.At(_chunk.FirstToken + t);
            activations.Read(site, t, row);
            foreach (var (at, with) in changes) with(new(at, sequence, position, TokensOf(sequence), row));
            RefuseNotFinite(changes[0].Site, sequence, position, row);
            activations.Write(site, t, row);
        }
    }

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        foreach (var site in _kept[layer])
        {
            _pass.Crew.Run(chunk.Prompts, (i, _) =>
            {
                int sequence = chunk.FirstPrompt + i, first = _pass.Batch.Starts[sequence] - chunk.FirstToken;
                for (int position = 0; position < TokensOf(sequence); position++)
                {
                    var row = _result.RowOf(site, sequence, position);
                    activations.Read(site.Kind, first + position, row);
                    RefuseNotFinite(site, sequence, position, row);
                }
            });
        }
        foreach (var (site, with) in _observed[layer])
        {
            float[] row = new float[activations.Width(site.Kind)];
            for (int t = 0; t < chunk.Tokens; t++)
            {
                var (sequence, position) = _pass.Batch.At(chunk.FirstToken + t);
                activations.Read(site.Kind, t, row);
                RefuseNotFinite(site, sequence, position, row);
                with(new(site, sequence, position, TokensOf(sequence), row));
            }
        }
    }

    /// <summary>Final norm and logits.</summary>
    public void ReadLogits(PositionRange positions)
    {
        var batch = _pass.Batch;
        int[] rows = [.. Enumerable.Range(0, batch.Tokens).Where(row => positions == PositionRange.All || batch.At(row) is var (sequence, position) && position == TokensOf(sequence) - 1)];
        _pass.Unembedding.Run(_pass.Stream, rows, (index, normed, logits) =>
        {
            var (sequence, position) = batch.At(rows[index]);
            Outputs.RefuseNotFinite(batch, sequence, position, "logits", logits);
            _result.Write(sequence, position, normed, logits);
        });
    }

    int TokensOf(int sequence) => _pass.Batch.Prompts[sequence].Ids.Count;

    void RefuseNotFinite(Site site, int sequence, int position, ReadOnlySpan<float> row)
    {
        if (!double.IsFinite(Kernels.DoubleSum.Of(row))) throw MeasurementErrors.NotFinite(_pass.Batch.Prompts[sequence].Prompt, site.Block, site.Kind.Name(), position, row);
    }
}
