using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>The residual stream of a whole batch, packed chunk by chunk.</summary>
sealed class ResidualStream : IDisposable
{
    readonly RaggedBatch _batch;
    readonly PackedTokens[] _chunks;

    public ResidualStream(RaggedBatch batch, int dModel)
    {
        (_batch, DModel) = (batch, dModel);
        int most = batch.Chunks.Max(chunk => chunk.Tokens); // room for any of them, since they change places with one site
        _chunks = [.. batch.Chunks.Select(chunk => new PackedTokens().Resize(most, dModel).Resize(chunk.Tokens, dModel))];
    }

    /// <summary>Width of the stream.</summary>
    public int DModel { get; }

    /// <summary>The tokens of a chunk.</summary>
    public PackedTokens Of(int chunk) => _chunks[chunk];

    /// <summary>Makes what a block left the stream of a chunk; its activations are not to be read any more.</summary>
    public void Advance(int chunk, BlockActivations activations) => _chunks[chunk].Exchange(activations[ResidualSite.Post]);

    /// <summary>One token's vector.</summary>
    /// <param name="row">The token of the batch.</param>
    /// <param name="to">[d_model], written.</param>
    public void Read(int row, Span<float> to)
    {
        int chunk = _batch.ChunkOf(row);
        _chunks[chunk].Read(row - _batch.Chunks[chunk].FirstToken, to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
    }
}
