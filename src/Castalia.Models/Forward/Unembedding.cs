using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Final norm and unembedding of chosen rows of the stream.</summary>
sealed unsafe class Unembedding : IDisposable
{
    const long TileBytes = 32L << 20;

    readonly Architecture _a;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly NormWeights _norm;
    readonly LinearWeights _unembedding;
    readonly FloatBuffer _normed = new(), _logits = new();
    readonly PackedTokens _packed = new();

    public Unembedding(Architecture architecture, Crew crew, LinearPass linear, WeightReader read)
    {
        (_a, _crew, _linear) = (architecture, crew, linear);
        _norm = read.Norm(WeightRole.FinalNorm);
        _unembedding = read.Linear(WeightRole.Unembedding);
    }

    /// <summary>Is told one row: its place in the list of rows, final_norm_out [d_model] and the logits [d_vocab], both valid during the call only.</summary>
    public delegate void RowSeen(int index, ReadOnlySpan<float> normed, ReadOnlySpan<float> logits);

    /// <summary>One position through the final norm.</summary>
    public void Norm(ReadOnlySpan<float> resid, Span<float> normed) => BlockPass.Norm(_a, _norm, resid, normed);

    /// <summary>Computes rows a tile at a time; <paramref name="seen"/> is called from several threads, once a row.</summary>
    /// <param name="stream">resid_post.</param>
    /// <param name="rows">Which tokens.</param>
    /// <param name="seen">Told every row.</param>
    public void Run(ResidualStream stream, IReadOnlyList<int> rows, RowSeen seen)
    {
        int dModel = _a.DModel, dVocab = _unembedding.Weight.Rows;
        int tile = (int)Math.Clamp(TileBytes / (dVocab * sizeof(float)), 16, 512);
        for (int first = 0; first < rows.Count; first += tile)
        {
            int count = Math.Min(tile, rows.Count - first), start = first;
            _normed.Resize((long)count * dModel);
            _logits.Resize((long)count * dVocab);
            _crew.Run(count, (i, _) =>
            {
                var row = _normed.Row(i, dModel);
                stream.Read(rows[start + i], row);
                Norm(row, row);
            });
            _linear.Run(_packed.Pack(_crew, _normed.Data, count, dModel), _unembedding, _logits.Data);
            _crew.Run(count, (i, _) =>
            {
                var logits = _logits.Row(i, dVocab);
                if (_a.LogitScale != 1) Elementwise.Scale(logits, _a.LogitScale);
                if (_a.LogitSoftcap is { } cap) SoftCap.Apply(logits, cap);
                seen(start + i, _normed.Row(i, dModel), logits);
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _normed.Dispose();
        _logits.Dispose();
        _packed.Dispose();
    }
}
