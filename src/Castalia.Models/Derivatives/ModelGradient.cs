using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>The mean cross-entropy of next tokens, and its gradient by every stored tensor: one pass forwards, one backwards.</summary>
/// <remarks>
/// Weights and activations are float32, products by the kernels of the forward pass; norms, and sums over tokens that are no products of matrices, are float64.
/// Every sum runs in one order: bits depend on neither threads nor vector width.
/// </remarks>
public sealed unsafe class ModelGradient : IDisposable
{
    const long TileBytes = 64L << 20; // of logits

    readonly Architecture _a;
    readonly WeightMap _map;
    readonly WeightReader _read;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly LinearGradient _products;
    readonly NormGradient _norm;
    readonly GradientSums _sums;
    readonly BlockGradient _block;
    readonly BlockRecord[] _records;
    readonly FloatRows _h = new(), _dh = new(), _normed = new(), _dNormed = new(), _logits = new(), _dw = new(), _transposed = new(), _tile = new(), _dTile = new();

    /// <param name="checkpoint">The open checkpoint; weights are read from it in every pass.</param>
    /// <param name="architecture">Its description.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="Errors.InputException">A family, or a trait of one, whose reverse is missing; as WeightMap.Bind.</exception>
    public ModelGradient(Checkpoint checkpoint, Architecture architecture, int threads, CancellationToken cancellation)
        : this(WeightMap.Bind(architecture, checkpoint), checkpoint, checkpoint.Path, threads, cancellation)
    {
    }

    /// <param name="parameters">The weights, read in every pass: changes between passes count.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="Errors.InputException">A family, or a trait of one, whose reverse is missing.</exception>
    public ModelGradient(ParameterSet parameters, int threads, CancellationToken cancellation)
        : this(parameters.Map, null, parameters.Tensors[0].File, threads, cancellation)
    {
    }

    ModelGradient(WeightMap map, Checkpoint? checkpoint, string path, int threads, CancellationToken cancellation)
    {
        var architecture = map.Architecture;
        GradientSupport.Check(architecture, path);
        _a = architecture;
        _map = map;
        _read = new(map, architecture, checkpoint);
        _crew = new(threads, cancellation);
        _linear = new(_crew);
        _products = new(_crew, _linear);
        _norm = new(architecture, _crew);
        _sums = new(_map, _crew);
        _block = new(architecture, _crew, _products, _sums);
        _records = [.. Enumerable.Range(0, architecture.NLayers).Select(_ => new BlockRecord())];
    }

    /// <summary>Every tensor that the arithmetic reads, each once.</summary>
    public IEnumerable<Tensor> Tensors => _map.Tensors;

    /// <summary>The gradient by a tensor, its values in the order they are stored in; of the last call of <see cref="Take"/>.</summary>
    public ReadOnlySpan<float> this[Tensor tensor] => _sums[tensor];

    /// <summary>Computes both; the loss is returned.</summary>
    /// <param name="sequences">Sequences; of each every token but the first is predicted, from those before it. The mean is over all predictions.</param>
    /// <param name="zTerm">c of c·⟨(ln Z)²⟩, Z the softmax's sum, that the gradient is of besides; the loss returned is the cross-entropy alone.</param>
    /// <exception cref="Errors.InputException">No token to be predicted; as PromptLimits.Check; a loss that is no number.</exception>
    public double Take(IReadOnlyList<TokenizedPrompt> sequences, double zTerm = 0)
    {
        PromptLimits.Check(sequences, _a);
        int predicted = sequences.Sum(sequence => sequence.Ids.Count - 1);
        if (predicted == 0) throw GradientErrors.NothingPredicted(sequences[0].Prompt);
        _sums.Clear();
        int[] starts = new int[sequences.Count + 1];
        for (int i = 0; i < sequences.Count; i++) starts[i + 1] = starts[i] + sequences[i].Ids.Count;
        var rotary = new RotaryTables(_a, new RaggedBatch(sequences));
        Embed(sequences, starts);
        for (int layer = 0; layer < _a.NLayers; layer++) _block.Forward(BlockWeights.Read(_read, _a, layer), starts, rotary, _h, _records[layer]);
        double loss = Head(sequences, starts, predicted, zTerm);
        for (int layer = _a.NLayers - 1; layer >= 0; layer--) _block.Backward(BlockWeights.Read(_read, _a, layer), starts, rotary, _records[layer], _dh);
        EmbedBackward(sequences, starts);
        return loss;
    }

    void Embed(IReadOnlyList<TokenizedPrompt> sequences, int[] starts)
    {
        _h.Resize(starts[^1], _a.DModel);
        float[] position = new float[_a.DModel];
        for (int i = 0; i < sequences.Count; i++)
            for (int t = 0; t < sequences[i].Ids.Count; t++)
            {
                var h = _h[starts[i] + t];
                _read.Row(WeightRole.Embedding, sequences[i].Ids[t], h);
                if (_a.EmbeddingScale != 1) Elementwise.Scale(h, _a.EmbeddingScale);
                if (_a.LearnedPositions is not { } learned) continue;
                _read.Row(WeightRole.Positions, t + learned.Offset, position);
                for (int d = 0; d < h.Length; d++) h[d] += position[d];
            }
    }

    void EmbedBackward(IReadOnlyList<TokenizedPrompt> sequences, int[] starts)
    {
        for (int i = 0; i < sequences.Count; i++)
            for (int t = 0; t < sequences[i].Ids.Count; t++)
            {
                _sums.AddRow(WeightRole.Embedding, sequences[i].Ids[t], _dh[starts[i] + t], _a.EmbeddingScale);
                if (_a.LearnedPositions is { } learned) _sums.AddRow(WeightRole.Positions, t + learned.Offset, _dh[starts[i] + t], 1);
            }
    }

    /// <summary>Final norm, logits and loss, and ∂ of what leaves the last block; logits some rows at a time.</summary>
    double Head(IReadOnlyList<TokenizedPrompt> sequences, int[] starts, int predicted, double zTerm)
    {
        var norm = _read.Norm(WeightRole.FinalNorm);
        var unembedding = _read.Linear(WeightRole.Unembedding);
        int vocabulary = unembedding.Weight.Rows, most = (int)Math.Clamp(TileBytes / (vocabulary * sizeof(float)), 16, 2048);
        _norm.Forward(norm, _h, _normed);
        _dNormed.Clear(_h.Rows, _a.DModel);
        _transposed.Transposed(unembedding.Weight, _crew);
        (int Row, int Next)[] rows = [.. sequences.SelectMany((sequence, i) => Enumerable.Range(0, sequence.Ids.Count - 1).Select(t => (starts[i] + t, sequence.Ids[t + 1])))];
        double[] losses = new double[rows.Length];
        for (int first = 0; first < rows.Length; first += most)
        {
            int start = first, count = Math.Min(most, rows.Length - first);
            _tile.Resize(count, _a.DModel);
            for (int i = 0; i < count; i++) _normed[rows[start + i].Row].CopyTo(_tile[i]);
            _products.Forward(_tile, unembedding, _logits);
            _crew.Run(count, (i, _) => losses[start + i] = Slope(_logits[i], rows[start + i].Next, predicted, zTerm));
            _products.Weights(_logits, _tile, _dw);
            _sums.Add(WeightRole.Unembedding, null, _dw);
            if (unembedding.Bias is not null) _sums.Add(WeightRole.UnembeddingBias, null, _products.Bias(_logits));
            _dTile.Clear(count, _a.DModel);
            _products.AddInputOf(_logits, _transposed, _dTile);
            for (int i = 0; i < count; i++) _dTile[i].CopyTo(_dNormed[rows[start + i].Row]);
        }
        _dh.Clear(_h.Rows, _a.DModel);
        var (weight, bias) = _norm.Add(norm, _h, _dNormed, _dh);
        _sums.Add(WeightRole.FinalNorm, null, weight);
        _sums.Add(WeightRole.FinalNormBias, null, bias);
        double loss = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            if (!double.IsFinite(losses[i])) throw GradientErrors.NoLoss(sequences[Array.FindLastIndex(starts, start => start <= rows[i].Row)].Prompt);
            loss += losses[i];
        }
        return loss / predicted;
    }

    /// <summary>Logits become the loss's derivative by them: ((1 + 2·c·ln Z)·p − 1[next])/predictions, times the logit scale; returns −ln p(next).</summary>
    double Slope(Span<float> logits, int next, int predicted, double zTerm)
    {
        if (_a.LogitScale != 1) Elementwise.Scale(logits, _a.LogitScale);
        double of = logits[next];
        float largest = float.NegativeInfinity;
        foreach (float logit in logits) largest = Math.Max(largest, logit);
        for (int i = 0; i < logits.Length; i++) logits[i] -= largest;
        Elementwise.Apply<ExponentialLanes>(logits);
        double sum = DoubleSum.Of(logits), logSum = largest + Elementary.Log(sum);
        Elementwise.Scale(logits, (1 + 2 * zTerm * logSum) * _a.LogitScale / (sum * predicted));
        logits[next] -= (float)(_a.LogitScale / predicted);
        return logSum - of;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var record in _records) record.Dispose();
        foreach (var rows in new[] { _h, _dh, _normed, _dNormed, _logits, _dw, _transposed, _tile, _dTile }) rows.Dispose();
        _block.Dispose();
        _norm.Dispose();
        _products.Dispose();
        _linear.Dispose();
        _crew.Dispose();
    }
}
