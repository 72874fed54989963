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

    /// <summary>Reads one row of what leaves the last block.</summary>
    public delegate void RowRead(int index, Span<float> resid);

    /// <summary>The final norm's weights.</summary>
    public NormWeights FinalNorm => _norm;

    /// <summary>One position through the final norm.</summary>
    public void Norm(ReadOnlySpan<float> resid, Span<float> normed) => BlockPass.Norm(_a, _norm, resid, normed);

    /// <summary>By what the final norm multiplies a position about its centre, before its weight.</summary>
    public double FactorOf(ReadOnlySpan<float> resid) => BlockPass.Statistics(_a, resid).Factor;

    /// <summary>One position about its own centre, times another factor, through the rest of the final norm.</summary>
    public void Norm(ReadOnlySpan<float> resid, double factor, Span<float> normed) =>
        Norms.Apply(BlockPass.Statistics(_a, resid) with { Factor = factor }, resid, _norm.Weight, _norm.Bias, normed);

    /// <summary>Computes rows a tile at a time; <paramref name="seen"/> is called from several threads, once a row.</summary>
    /// <param name="stream">resid_post.</param>
    /// <param name="rows">Which tokens.</param>
    /// <param name="seen">Told every row.</param>
    public void Run(ResidualStream stream, IReadOnlyList<int> rows, RowSeen seen) => Run(rows.Count, (index, resid) => stream.Read(rows[index], resid), seen);

    /// <summary>The same for rows that lie elsewhere.</summary>
    /// <param name="all">How many.</param>
    /// <param name="read">Reads each, called from several threads.</param>
    /// <param name="seen">Told every row.</param>
    public void Run(int all, RowRead read, RowSeen seen) => RunNormed(
        all,
        (index, row) =>
        {
            read(index, row);
            Norm(row, row);
        },
        seen);

    /// <summary>The same for rows that have been through the final norm, or through another in its place.</summary>
    /// <param name="all">How many.</param>
    /// <param name="read">Reads final_norm_out of each, called from several threads.</param>
    /// <param name="seen">Told every row.</param>
    public void RunNormed(int all, RowRead read, RowSeen seen)
    {
        int dModel = _a.DModel, dVocab = _unembedding.Weight.Rows;
        int tile = (int)Math.Clamp(TileBytes / (dVocab * sizeof(float)), 16, 512);
        for (int first = 0; first < all; first += tile)
        {
            int count = Math.Min(tile, all - first), start = first;
            _normed.Resize((long)count * dModel);
            _logits.Resize((long)count * dVocab);
            _crew.Run(count, (i, _) => read(start + i, _normed.Row(i, dModel)));
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

    /// <summary>W_U of some vectors as they are, times the logit scale: no norm, and a bias only where it is asked for.</summary>
    /// <param name="vectors">[count × d_model].</param>
    /// <param name="count">How many.</param>
    /// <param name="withBias">Whether the unembedding's bias is added, where the model has one.</param>
    /// <param name="logits">[count × d_vocab], written.</param>
    public void Project(float* vectors, int count, bool withBias, float* logits)
    {
        _linear.Run(_packed.Pack(_crew, vectors, count, _a.DModel), withBias ? _unembedding : _unembedding with { Bias = null }, logits);
        if (_a.LogitScale == 1) return;
        int dVocab = _unembedding.Weight.Rows;
        _crew.Run(count, (i, _) => Elementwise.Scale(new Span<float>(logits + (long)i * dVocab, dVocab), _a.LogitScale));
    }

    /// <summary>Whether logits have a part that does not come from the normed vector's length and direction: a bias, the norm's or the unembedding's own.</summary>
    public bool HasOffset => _norm.Bias is not null || _unembedding.Bias is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _normed.Dispose();
        _logits.Dispose();
        _packed.Dispose();
    }
}
