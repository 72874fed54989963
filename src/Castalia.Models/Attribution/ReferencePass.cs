using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Attribution;

/// <summary>Finds the first principal components of some rows about their mean; null where they are not determined.</summary>
/// <param name="rows">[positions × d_model].</param>
/// <param name="mean">Their mean.</param>
/// <param name="variance">Σ of the coordinates' variances, over n.</param>
/// <param name="crew">Threads.</param>
delegate PrincipalComponents? FindComponents(IWeightRows rows, double[] mean, double variance, Crew crew);

/// <summary>Reads what reference texts say of the stream, block by block, every position but the first of each text.</summary>
/// <remarks>Sums are float64, one addition after the other in the order of texts and positions: neither threads nor what shares a batch change a bit.</remarks>
sealed class ReferencePass : IBlockObserver, IDisposable
{
    readonly ForwardPass _pass;
    readonly BlockChoice _blocks;
    readonly FindComponents? _components;
    readonly List<ReferenceBlock> _found = [];
    readonly FloatBuffer _rows = new(); // of one block
    readonly int _width, _positions;
    readonly double[] _mean, _meanAfter, _size, _square, _squareAfter;
    readonly float[] _before, _after;
    int _read;

    ReferencePass(ForwardPass pass, BlockChoice blocks, FindComponents? components)
    {
        (_pass, _blocks, _components, _width) = (pass, blocks, components, pass.Architecture.DModel);
        _positions = pass.Batch.Prompts.Sum(text => text.Ids.Count - 1);
        (_mean, _meanAfter, _size, _square, _squareAfter) = (new double[_width], new double[_width], new double[_width], new double[_width], new double[_width]);
        (_before, _after) = (new float[_width], new float[_width]);
        if (components is not null) _rows.Resize((long)_positions * _width);
    }

    /// <summary>Reads them.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="a">Its description.</param>
    /// <param name="texts">The reference texts with their ids, of at least one of which there is a second position.</param>
    /// <param name="blocks">Which blocks.</param>
    /// <param name="components">Finds principal components; null: they are not asked for.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">As a measurement; a block the model does not have.</exception>
    public static IReadOnlyList<ReferenceBlock> Take(
        Checkpoint checkpoint, Architecture a, IReadOnlyList<TokenizedPrompt> texts, BlockChoice blocks, FindComponents? components, int threads,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation)
    {
        if (blocks.Missing(a.NLayers) is { } missing) throw AttributionErrors.NoSuchBlock(missing, a.NLayers, checkpoint.Path);
        PromptLimits.Check(texts, a);
        using var pass = new ForwardPass(checkpoint, a, texts, threads, progress, cancellation);
        using var reference = new ReferencePass(pass, blocks, components);
        pass.Run(reference, reference.End);
        pass.ReportDone();
        return reference._found;
    }

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        if (!_blocks.Has(layer, _pass.Architecture.NLayers)) return;
        for (int row = chunk.FirstToken; row < chunk.FirstToken + chunk.Tokens; row++)
        {
            var (text, position) = _pass.Batch.At(row);
            if (position == 0) continue;
            activations.Read(ResidualSite.Pre, row - chunk.FirstToken, _before);
            activations.Read(ResidualSite.Post, row - chunk.FirstToken, _after);
            if (!AllFinite(_before)) throw MeasurementErrors.NotFinite(_pass.Batch.Prompts[text].Prompt, layer, ResidualSite.Pre.Name(), position, _before);
            if (!AllFinite(_after)) throw MeasurementErrors.NotFinite(_pass.Batch.Prompts[text].Prompt, layer, ResidualSite.Post.Name(), position, _after);
            Add();
        }
    }

    static bool AllFinite(float[] values) => Array.TrueForAll(values, float.IsFinite);

    void Add()
    {
        for (int d = 0; d < _width; d++)
        {
            double before = _before[d], after = _after[d];
            _mean[d] += before;
            _meanAfter[d] += after;
            _size[d] += Math.Abs(before);
            _square[d] += before * before;
            _squareAfter[d] += after * after;
        }
        if (_components is not null) _before.CopyTo(_rows.Row(_read, _width));
        _read++;
    }

    void End(int layer)
    {
        if (!_blocks.Has(layer, _pass.Architecture.NLayers)) return;
        double[] mean = Mean(_mean), size = Mean(_size);
        _found.Add(new()
        {
            Block = layer,
            Positions = _read,
            MeanBefore = mean,
            MeanAfter = Mean(_meanAfter),
            SizeBefore = size,
            RmsBefore = [.. _square.Select(sum => Math.Sqrt(sum / _read))],
            RmsAfter = [.. _squareAfter.Select(sum => Math.Sqrt(sum / _read))],
            Ranking = [.. Enumerable.Range(0, _width).OrderByDescending(d => size[d]).ThenBy(d => d)],
            MeanDirection = DirectionSet.Along(ReferenceBlock.MeanName, mean),
            Components = _components?.Invoke(new KeptRows(_rows, _read, _width), mean, _square.Select((sum, d) => sum / _read - mean[d] * mean[d]).Sum(), _pass.Crew),
        });
        foreach (double[] sums in new[] { _mean, _meanAfter, _size, _square, _squareAfter }) Array.Clear(sums);
        _read = 0;
    }

    double[] Mean(double[] sums) => [.. sums.Select(sum => sum / _read)];

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    sealed class KeptRows(FloatBuffer rows, int count, int width) : IWeightRows
    {
        public int Rows => count;
        public int Columns => width;
        public void Widen(int row, int start, Span<float> destination) => rows.Row(row, width).Slice(start, destination.Length).CopyTo(destination);
    }
}
