using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Computes portions of variants: from the first changed block on, all of a portion by one reading of the weights.</summary>
sealed unsafe class VariantSweep : IDisposable
{
    readonly Architecture _a;
    readonly Measurement _clean;
    readonly Checkpoint _checkpoint;
    readonly WeightMap _map;
    readonly WeightReader _read;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly BlockPass _block;
    readonly CleanStreams _streams;
    readonly IReadOnlyDictionary<string, SetMeans> _sets;
    readonly StreamDirections _directions;
    readonly VariantOutputs _outputs;
    readonly Unembedding _unembedding;
    readonly CancellationToken _cancellation;
    readonly FloatBuffer _rows = new();

    public VariantSweep(
        Checkpoint checkpoint, Measurement clean, WeightMap map, CleanStreams streams, IReadOnlyDictionary<string, SetMeans> sets, StreamDirections directions, bool allPositions,
        int threads, CancellationToken cancellation)
    {
        (_a, _clean) = (clean.Architecture, clean);
        (_checkpoint, _map, _streams, _sets, _directions, _cancellation) = (checkpoint, map, streams, sets, directions, cancellation);
        _read = new(map, _a, checkpoint);
        _crew = new(threads, cancellation);
        _linear = new(_crew);
        _block = new(_a, _crew, _linear, new RotaryTables(_a, new RaggedBatch(clean.Prompts)));
        _unembedding = new(_a, _crew, _linear, _read);
        _outputs = new(clean, _unembedding, allPositions);
    }

    /// <summary>Computes interventions on single units of one kind of the last block by <see cref="RankOneSweep"/> or <see cref="RankOneHeads"/>.</summary>
    public InterventionReading[] Run(LastRows rows, IReadOnlyList<(Variant Variant, RankOne Of)> variants)
    {
        using var readings = new RankOneReadings(_clean, _crew, _unembedding, rows);
        var found = new InterventionReading[variants.Count];
        if (variants[0].Of.Kind == UnitKind.Head)
        {
            new RankOneHeads(_a, _crew, _read, rows, _sets, readings).Run(variants, found);
            return found;
        }
        using var sweep = new RankOneSweep(_a, _crew, _read, rows, readings);
        sweep.Run(variants, found);
        return found;
    }

    /// <summary>Readings of the portion's variants, in their order.</summary>
    public InterventionReading[] Run(VariantBatch variants)
    {
        var batch = variants.Batch;
        var edits = new SiteEdits(_a, _crew, variants, _sets, _directions);
        var gains = new VariantGains(_a, _crew, variants, edits);
        var components = new VariantComponents(_a.NLayers, _crew, variants, edits);
        using var stream = new ResidualStream(batch, _a.DModel);
        using var weights = new WeightStream(_map, _checkpoint, _cancellation);
        for (int layer = variants.Start; layer < _a.NLayers; layer++)
        {
            weights.Begin(layer);
            var block = BlockWeights.Read(_read, _a, layer);
            edits.BeginBlock(block);
            for (int i = 0; i < batch.Chunks.Count; i++)
            {
                var chunk = batch.Chunks[i];
                int start = variants.StartOf(chunk.FirstPrompt);
                if (start > layer) break; // those after it begin no earlier
                if (start == layer) Begin(variants, chunk, layer, stream.Of(i));
                edits.BeginChunk(chunk);
                _block.Run(batch, chunk, block, stream.Of(i), edits);
                gains.Read(layer, chunk, _block.Activations);
                components.Read(layer, chunk, _block.Activations);
                stream.Advance(i, _block.Activations);
            }
            weights.End(layer);
        }
        weights.Begin(weights.Head);
        return _outputs.Read(variants, stream, gains, components);
    }

    /// <summary>A chunk's stream as it enters the block in which its entries begin.</summary>
    void Begin(VariantBatch variants, Chunk chunk, int layer, PackedTokens stream)
    {
        _rows.Resize((long)chunk.Tokens * _a.DModel);
        var batch = variants.Batch;
        for (int entry = chunk.FirstPrompt; entry < chunk.FirstPrompt + chunk.Prompts; entry++)
        {
            int first = batch.Firsts[entry], count = batch.Prompts[entry].Ids.Count - first;
            _streams.Rows(layer, variants.PromptOf(entry), first, count, _a.DModel)
                .CopyTo(_rows.Span((long)(batch.Starts[entry] - chunk.FirstToken) * _a.DModel, count * _a.DModel));
        }
        stream.Pack(_crew, _rows.Data, chunk.Tokens, _a.DModel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _block.Dispose();
        _linear.Dispose();
        _unembedding.Dispose();
        _rows.Dispose();
        _crew.Dispose();
    }
}
