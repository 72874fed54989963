using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Interventions;

/// <summary>Computes interventions on single neurons of the last block: no pass, and for each neuron W_U·(γ ⊙ w) once for all prompts.</summary>
/// <remarks>
/// With x the activation, f its factor, w the neuron's column of W_down times the residual scale and c = (1 − f)·x, h′ = h − c·w. The final norm is a factor s on the vector less its
/// centre, times γ, plus β: with q = W_U·β + bias and u = W_U·(γ ⊙ (w − centre of w)) the logits become (s′/s)·(l − q) + q − s′·c·u. Norms, factors and sums are float64; l, q and u float32.
/// </remarks>
sealed unsafe class RankOneSweep : IDisposable
{
    const int ColumnTile = 256;             // of W_down at a time: stored blocks are no longer
    const long UnitBytes = 16L << 20, CleanBytes = 64L << 20;

    readonly Architecture _a;
    readonly Crew _crew;
    readonly Unembedding _unembedding;
    readonly LinearWeights _down;
    readonly LastRows _rows;
    readonly Measurement _clean;
    readonly int _vocabulary;
    readonly FloatBuffer _columns = new(), _units = new(), _vectors = new(), _offset = new();

    public RankOneSweep(Measurement clean, Crew crew, Unembedding unembedding, WeightReader read, LastRows rows)
    {
        (_a, _crew, _unembedding, _rows, _clean) = (clean.Architecture, crew, unembedding, rows, clean);
        _down = read.Linear(WeightRole.MlpDown, _a.NLayers - 1);
        _vocabulary = _a.DVocab - clean.PaddedVocabularyRows;
    }

    /// <summary>Computes variants, each with its neuron, in their order.</summary>
    public void Run(IReadOnlyList<(Variant Variant, RankOne Of)> variants, InterventionReading[] found)
    {
        var prompts = variants.Select(one => one.Variant.Prompt).Distinct().Order().ToArray();
        int most = (int)Math.Max(1, CleanBytes / (2L * _vocabulary * sizeof(float)));
        foreach (int[] some in prompts.Chunk(most))
        {
            var clean = Clean(some);
            var byNeuron = variants.Index().Where(one => clean.ContainsKey(one.Item.Variant.Prompt)).GroupBy(one => one.Item.Of.Neuron).OrderBy(group => group.Key).ToArray();
            foreach (var tile in byNeuron.GroupBy(group => group.Key / ColumnTile))
            {
                int first = tile.Key * ColumnTile, columns = Math.Min(ColumnTile, _a.DFf - first);
                Columns(first, columns);
                foreach (var neurons in tile.Chunk((int)Math.Clamp(UnitBytes / ((long)_a.DVocab * sizeof(float)), 1, 64))) Neurons(neurons, first, clean, found);
            }
        }
    }

    /// <summary>Some columns of W_down as rows, [columns × d_model].</summary>
    void Columns(int first, int count)
    {
        _columns.Resize((long)count * _a.DModel);
        const int rowsPerPiece = 64;
        _crew.Run((_a.DModel + rowsPerPiece - 1) / rowsPerPiece, (piece, _) =>
        {
            float[] row = new float[count];
            for (int d = piece * rowsPerPiece; d < Math.Min(_a.DModel, (piece + 1) * rowsPerPiece); d++)
            {
                _down.Weight.Widen(d, first, row);
                for (int j = 0; j < count; j++) _columns.Data[(long)j * _a.DModel + d] = row[j];
            }
        });
    }

    void Neurons(
        IGrouping<int, (int Index, (Variant Variant, RankOne Of) Item)>[] neurons, int first, Dictionary<int, CleanPrompt> clean, InterventionReading[] found)
    {
        int dModel = _a.DModel, dVocab = _a.DVocab;
        _vectors.Resize((long)neurons.Length * dModel);
        _units.Resize((long)neurons.Length * dVocab);
        var written = new (double[] Column, double[] Centred)[neurons.Length];
        for (int i = 0; i < neurons.Length; i++)
        {
            double[] column = new double[dModel];
            var stored = _columns.Row(neurons[i].Key - first, dModel);
            for (int d = 0; d < dModel; d++) column[d] = _a.ResidualScale * stored[d];
            double centre = _a.Norm == NormKind.LayerNorm ? column.Average() : 0;
            double[] centred = [.. column.Select(value => value - centre)];
            written[i] = (column, centred);
            var vector = _vectors.Row(i, dModel);
            for (int d = 0; d < dModel; d++) vector[d] = (float)(centred[d] * _unembedding.FinalNorm.Weight[d]);
        }
        _unembedding.Project(_vectors.Data, neurons.Length, withBias: false, _units.Data);
        var work = neurons.SelectMany((group, i) => group.Select(one => (Neuron: i, one.Index, one.Item))).ToArray();
        _crew.Run(work.Length, (i, _) =>
        {
            var (neuron, index, (variant, of)) = work[i];
            found[index] = Reading(variant, of, clean[variant.Prompt], written[neuron].Column, written[neuron].Centred, new(_units.Data + (long)neuron * dVocab, _vocabulary));
        });
    }

    InterventionReading Reading(Variant variant, RankOne of, CleanPrompt clean, double[] column, double[] centred, ReadOnlySpan<float> unit)
    {
        var rows = _rows.Rows[variant.Prompt];
        double c = (1 - of.Factor) * rows.MlpPost[of.Neuron];
        double square = 0, normed = 0;
        for (int d = 0; d < column.Length; d++)
        {
            double post = clean.Sum[d] - c * column[d], about = clean.Centred[d] - c * centred[d];
            square += post * post;
            normed += about * about;
        }
        double factor = 1 / Math.Sqrt(normed / column.Length + _a.NormEpsilon);
        var read = ShiftedSoftmax.Of(clean.Logits, clean.Probabilities, Offset, unit, factor / clean.Factor, factor * c, clean.LogNormaliser);
        var blocks = _clean.Readings[variant.Prompt].Blocks;
        double[] gains = [.. blocks.Select(block => block[^1].Gain)];
        gains[^1] = Math.Sqrt(square) / blocks[^1][^1].NormPre;
        if (!double.IsFinite(read.Entropy) || !double.IsFinite(square))
            throw InterventionErrors.NotFinite(variant.Intervention.Place, variant.Intervention.Name, _clean.Prompts[variant.Prompt].Prompt, _a.NLayers - 1);
        return new(gains, read.Entropy, read.Divergence, read.Top, read.TopProbability, double.NaN, EffectForm.RankOne);
    }

    ReadOnlySpan<float> Offset => _unembedding.HasOffset ? new(_offset.Data, _vocabulary) : [];

    /// <summary>A prompt of the clean pass.</summary>
    /// <param name="Logits">[vocabulary].</param>
    /// <param name="Probabilities">Their softmax.</param>
    /// <param name="LogNormaliser">ln Σ exp of the logits.</param>
    /// <param name="Sum">resid_post as the float64 sum that its gain is taken from.</param>
    /// <param name="Centred">resid_post less its centre, as the final norm reads it.</param>
    /// <param name="Factor">The final norm's.</param>
    sealed record CleanPrompt(float[] Logits, float[] Probabilities, double LogNormaliser, double[] Sum, double[] Centred, double Factor);

    Dictionary<int, CleanPrompt> Clean(int[] prompts)
    {
        if (_unembedding.HasOffset)
        {
            _vectors.Resize(_a.DModel);
            _offset.Resize(_a.DVocab);
            for (int d = 0; d < _a.DModel; d++) _vectors.Data[d] = _unembedding.FinalNorm.Bias?[d] ?? 0;
            _unembedding.Project(_vectors.Data, 1, withBias: true, _offset.Data);
        }
        var found = new Dictionary<int, CleanPrompt>();
        _unembedding.Run(prompts.Length, (i, resid) => _rows.Rows[prompts[i]].Post.CopyTo(resid), (i, _, logits) =>
        {
            var rows = _rows.Rows[prompts[i]];
            float[] counted = logits[.._vocabulary].ToArray(), probabilities = new float[_vocabulary];
            var of = LogSumExp.Of(counted);
            double normaliser = of.LogSum + counted[of.Top];
            for (int j = 0; j < probabilities.Length; j++) probabilities[j] = (float)Elementary.Exp(counted[j] - normaliser);
            double[] sum = new double[_a.DModel], centred = new double[_a.DModel];
            double centre = _a.Norm == NormKind.LayerNorm ? DoubleSum.Of(rows.Post) / _a.DModel : 0;
            for (int d = 0; d < sum.Length; d++)
            {
                sum[d] = rows.Pre[d] + ((double)rows.AttnOut[d] + rows.MlpOut[d]);
                centred[d] = rows.Post[d] - centre;
            }
            double factor = 1 / Math.Sqrt(Wide.Dot(centred, centred) / _a.DModel + _a.NormEpsilon);
            lock (found) found[prompts[i]] = new(counted, probabilities, normaliser, sum, centred, factor);
        });
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _units.Dispose();
        _vectors.Dispose();
        _offset.Dispose();
    }
}
