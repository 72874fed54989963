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
sealed unsafe class ModelGradient : IDisposable
{
    readonly Architecture _a;
    readonly WeightMap _map;
    readonly WeightReader _read;
    readonly Crew _crew;
    readonly GradientSums _sums;
    readonly BlockGradient _block;
    readonly HeadGradient _head;
    readonly BlockRecord[] _records;
    readonly PaddedRows _h = new();
    PaddedRows _dh = new(), _other = new();

    /// <param name="checkpoint">The open checkpoint; weights are read from it in every pass.</param>
    /// <param name="architecture">Its description.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">A family, or a trait of one, whose reverse is missing; as WeightMap.Bind.</exception>
    public ModelGradient(Checkpoint checkpoint, Architecture architecture, int threads, CancellationToken cancellation)
        : this(WeightMap.Bind(architecture, checkpoint), checkpoint, checkpoint.Path, threads, cancellation)
    {
    }

    /// <param name="parameters">The weights, read in every pass: changes between passes count.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">A family, or a trait of one, whose reverse is missing.</exception>
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
        _sums = new(map, _crew);
        _block = new(architecture, _crew, _sums);
        _head = new(architecture, _crew, _sums);
        _records = [.. Enumerable.Range(0, architecture.NLayers).Select(_ => new BlockRecord())];
    }

    /// <summary>Every tensor that the arithmetic reads, each once.</summary>
    public IEnumerable<Tensor> Tensors => _map.Tensors;

    /// <summary>The gradient by a tensor, its values in the order they are stored in; of the last call of <see cref="Take"/>.</summary>
    public ReadOnlySpan<float> this[Tensor tensor] => _sums[tensor];

    /// <summary>Computes both; the loss is returned.</summary>
    /// <param name="sequences">Sequences; of each every token but the first is predicted, from those before it. The mean is over all predictions.</param>
    /// <param name="zTerm">c of c·⟨(ln Z)²⟩, Z the softmax's sum, that the gradient is of besides; the loss returned is the cross-entropy alone.</param>
    /// <exception cref="InputException">No token to be predicted; as PromptLimits.Check; a loss that is no number.</exception>
    public double Take(IReadOnlyList<TokenizedPrompt> sequences, double zTerm = 0)
    {
        PromptLimits.Check(sequences, _a);
        int predicted = sequences.Sum(sequence => sequence.Ids.Count - 1);
        if (predicted == 0) throw GradientErrors.NothingPredicted(sequences[0].Prompt);
        _sums.Clear();
        var batch = new TokenBatch(_a, sequences);
        int[] ids = [.. sequences.SelectMany(sequence => sequence.Ids)];
        Embed(batch, ids);
        for (int layer = 0; layer < _a.NLayers; layer++)
            _block.Forward(BlockWeights.Read(_read, _a, layer), batch, _records[layer], layer + 1 < _a.NLayers ? _records[layer + 1].Pre : _h);
        (int Row, int Next)[] next = [.. ids.Index().Skip(1).Where(id => batch.SequenceOf(id.Index) == batch.SequenceOf(id.Index - 1)).Select(id => (id.Index - 1, id.Item))];
        double[] losses = _head.Take(_read.Norm(WeightRole.FinalNorm), _read.Linear(WeightRole.Unembedding), _h, next, zTerm, _dh);
        int wrong = Array.FindIndex(losses, loss => !double.IsFinite(loss));
        if (wrong >= 0) throw GradientErrors.NoLoss(sequences[batch.SequenceOf(next[wrong].Row)].Prompt);
        for (int layer = _a.NLayers - 1; layer >= 0; layer--)
        {
            _block.Backward(BlockWeights.Read(_read, _a, layer), batch, _records[layer], _dh, _other);
            (_dh, _other) = (_other, _dh);
        }
        EmbedBackward(batch, ids);
        return losses.Sum() / predicted;
    }

    void Embed(TokenBatch batch, int[] ids)
    {
        var rows = _records[0].Pre.Resize(batch.Tokens, _a.DModel);
        var tokens = _read.Rows(WeightRole.Embedding);
        var positions = _a.LearnedPositions is null ? null : _read.Rows(WeightRole.Positions);
        _crew.Run(batch.Tiles.Count, (tile, _) =>
        {
            float[] position = new float[_a.DModel];
            for (int t = batch.Tiles.First(tile); t < batch.Tiles.First(tile) + batch.Tiles.RowsOf(tile); t++)
            {
                tokens.Widen(ids[t], 0, rows[t]);
                if (_a.EmbeddingScale != 1) Elementwise.Scale(rows[t], _a.EmbeddingScale);
                if (positions is null) continue;
                positions.Widen(PositionOf(batch, t), 0, position);
                Elementwise.Add(rows[t], position);
            }
        });
    }

    /// <summary>The row of the learned positions that a token reads.</summary>
    int PositionOf(TokenBatch batch, int token) => token - batch.Starts[batch.SequenceOf(token)] + _a.LearnedPositions!.Offset;

    void EmbedBackward(TokenBatch batch, int[] ids)
    {
        _sums.AddRows(WeightRole.Embedding, ids, _dh, _a.EmbeddingScale);
        if (_a.LearnedPositions is not null) _sums.AddRows(WeightRole.Positions, [.. ids.Select((_, t) => PositionOf(batch, t))], _dh, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var record in _records) record.Dispose();
        foreach (var rows in new[] { _h, _dh, _other }) rows.Dispose();
        _block.Dispose();
        _head.Dispose();
        _sums.Dispose();
        _crew.Dispose();
    }
}
