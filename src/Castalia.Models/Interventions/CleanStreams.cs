using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>resid_pre of the clean pass in the blocks where interventions begin, [tokens of the batch × d_model] each.</summary>
/// <param name="pass">The clean pass.</param>
/// <param name="blocks">The blocks.</param>
sealed unsafe class CleanStreams(ForwardPass pass, IReadOnlySet<int> blocks) : IBlockObserver, IDisposable
{
    readonly Dictionary<int, FloatBuffer> _streams = [];

    /// <summary>The clean pass's batch.</summary>
    public RaggedBatch Batch => pass.Batch;

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        if (!blocks.Contains(layer)) return;
        int dModel = pass.Architecture.DModel;
        if (!_streams.TryGetValue(layer, out var stream)) _streams[layer] = stream = new FloatBuffer().Resize((long)pass.Batch.Tokens * dModel);
        activations[ResidualSite.Pre].Unpack(pass.Crew, stream.Data + (long)chunk.FirstToken * dModel);
    }

    /// <summary>Rows of a prompt in a block.</summary>
    /// <param name="block">One of the blocks.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="first">First position.</param>
    /// <param name="count">How many.</param>
    /// <param name="dModel">Width.</param>
    public ReadOnlySpan<float> Rows(int block, int prompt, int first, int count, int dModel) =>
        _streams[block].Span((long)(Batch.Starts[prompt] + first) * dModel, count * dModel);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stream in _streams.Values) stream.Dispose();
    }
}
