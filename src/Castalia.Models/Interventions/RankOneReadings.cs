using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Interventions;

/// <summary>What is read where the last stream changes by one known vector, from the clean pass's logits and what the unembedding makes of the vector.</summary>
/// <remarks>
/// With v the vector and h′ = h − c·v: the final norm is a factor s on the stream less its centre, times γ, plus β. With q = W_U·β + bias and u = W_U·(γ ⊙ (v − centre of v)) the logits
/// become (s′/s)·(l − q) + q − s′·c·u. Norms, factors and sums are float64; l, q and u float32.
/// </remarks>
sealed unsafe class RankOneReadings : IDisposable
{
    const long UnitBytes = 16L << 20, CleanBytes = 64L << 20;

    readonly Measurement _clean;
    readonly Architecture _a;
    readonly Crew _crew;
    readonly Unembedding _unembedding;
    readonly LastRows _rows;
    readonly int _vocabulary;
    readonly FloatBuffer _vectors = new(), _units = new(), _offset = new();

    public RankOneReadings(Measurement clean, Crew crew, Unembedding unembedding, LastRows rows)
    {
        (_clean, _a, _crew, _unembedding, _rows) = (clean, clean.Architecture, crew, unembedding, rows);
        _vocabulary = _a.DVocab - clean.PaddedVocabularyRows;
        MostPrompts = (int)Math.Max(1, CleanBytes / (2L * _vocabulary * sizeof(float)));
        MostVectors = (int)Math.Clamp(UnitBytes / ((long)_a.DVocab * sizeof(float)), 1, 64);
        if (!unembedding.HasOffset) return;
        _vectors.Resize(_a.DModel);
        _offset.Resize(_a.DVocab);
        for (int d = 0; d < _a.DModel; d++) _vectors.Data[d] = _unembedding.FinalNorm.Bias?[d] ?? 0;
        _unembedding.Project(_vectors.Data, 1, withBias: true, _offset.Data);
    }

    /// <summary>Prompts whose logits are held at a time.</summary>
    public int MostPrompts { get; }

    /// <summary>Vectors that the unembedding is applied to at a time.</summary>
    public int MostVectors { get; }

    /// <summary>Applies the unembedding to vectors, at most <see cref="MostVectors"/>.</summary>
    /// <param name="vectors">v, [d_model] each.</param>
    /// <returns>Them, and less their centres where the final norm takes one.</returns>
    public IReadOnlyList<WrittenVector> Project(IReadOnlyList<double[]> vectors)
    {
        _vectors.Resize((long)vectors.Count * _a.DModel);
        _units.Resize((long)vectors.Count * _a.DVocab);
        var written = new WrittenVector[vectors.Count];
        for (int i = 0; i < written.Length; i++)
        {
            double centre = _a.Norm == NormKind.LayerNorm ? vectors[i].Average() : 0;
            double[] centred = [.. vectors[i].Select(value => value - centre)];
            written[i] = new(i, vectors[i], centred);
            var row = _vectors.Row(i, _a.DModel);
            for (int d = 0; d < row.Length; d++) row[d] = (float)(centred[d] * _unembedding.FinalNorm.Weight[d]);
        }
        _unembedding.Project(_vectors.Data, vectors.Count, withBias: false, _units.Data);
        return written;
    }

    /// <summary>The reading where c·v is taken from the last stream; v of the last call of <see cref="Project"/>.</summary>
    public InterventionReading Of(Variant variant, CleanPrompt clean, WrittenVector v, double c)
    {
        double square = 0, normed = 0;
        for (int d = 0; d < v.Values.Length; d++)
        {
            double post = clean.Sum[d] - c * v.Values[d], about = clean.Centred[d] - c * v.Centred[d];
            square += post * post;
            normed += about * about;
        }
        double factor = 1 / Math.Sqrt(normed / v.Values.Length + _a.NormEpsilon);
        ReadOnlySpan<float> unit = new(_units.Data + (long)v.Row * _a.DVocab, _vocabulary), offset = _unembedding.HasOffset ? new(_offset.Data, _vocabulary) : [];
        var read = ShiftedSoftmax.Of(clean.Logits, clean.Probabilities, offset, unit, factor / clean.Factor, factor * c, clean.LogNormaliser);
        var blocks = _clean.Readings[variant.Prompt].Blocks;
        double[] gains = [.. blocks.Select(block => block[^1].Gain)];
        gains[^1] = Math.Sqrt(square) / blocks[^1][^1].NormPre;
        if (!double.IsFinite(read.Entropy) || !double.IsFinite(square))
            throw InterventionErrors.NotFinite(variant.Intervention.Place, variant.Intervention.Name, _clean.Prompts[variant.Prompt].Prompt, _a.NLayers - 1);
        return new(gains, read.Entropy, read.Divergence, read.Top, read.TopProbability, double.NaN, EffectForm.RankOne);
    }

    /// <summary>Some prompts of the clean pass, by index.</summary>
    public Dictionary<int, CleanPrompt> Clean(IReadOnlyList<int> prompts)
    {
        var found = new Dictionary<int, CleanPrompt>();
        _unembedding.Run(prompts.Count, (i, resid) => _rows.Rows[prompts[i]].Post.CopyTo(resid), (i, _, logits) =>
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
        _vectors.Dispose();
        _units.Dispose();
        _offset.Dispose();
    }
}

/// <summary>A vector that a unit writes, as the unembedding has seen it.</summary>
/// <param name="Row">Where what the unembedding made of it stands.</param>
/// <param name="Values">v, [d_model].</param>
/// <param name="Centred">v less its centre, as the final norm reads it.</param>
readonly record struct WrittenVector(int Row, double[] Values, double[] Centred);

/// <summary>A prompt of the clean pass.</summary>
/// <param name="Logits">[vocabulary].</param>
/// <param name="Probabilities">Their softmax.</param>
/// <param name="LogNormaliser">ln Σ exp of the logits.</param>
/// <param name="Sum">resid_post as the float64 sum that its gain is taken from.</param>
/// <param name="Centred">resid_post less its centre, as the final norm reads it.</param>
/// <param name="Factor">The final norm's.</param>
sealed record CleanPrompt(float[] Logits, float[] Probabilities, double LogNormaliser, double[] Sum, double[] Centred, double Factor);
