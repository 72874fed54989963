using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Final norm, logits and the loss at positions whose next token is known, and their derivatives, logits of some positions at a time.</summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="sums">Where gradients of weights go.</param>
sealed unsafe class HeadGradient(Architecture a, Crew crew, GradientSums sums) : IDisposable
{
    const long Logits = 16L << 20, LogitsOfTile = 2L << 20; // of all tiles together, and of one

    readonly WeightPanels _forward = new(), _backward = new();
    readonly LinearGradient _linear = new(crew, sums);
    readonly PaddedRows _normed = new(), _byLogits = new();
    readonly TileSums _weight = new(), _bias = new(), _ofLogits = new();
    NormStatistics[] _statistics = [];
    readonly PaddedRows[] _dNormed = [.. Enumerable.Range(0, crew.Threads).Select(_ => new PaddedRows())];

    /// <summary>Positions whose logits are held at a time.</summary>
    public static int RowsAtOnce(int vocabulary) => (int)Math.Clamp(Logits / vocabulary, 16, 1 << 14);

    /// <summary>−ln p of every next token; ∂h is written, and gradients of the head are added up.</summary>
    /// <param name="norm">Final norm.</param>
    /// <param name="unembedding">Unembedding.</param>
    /// <param name="h">[tokens × d_model].</param>
    /// <param name="predicted">Positions, ascending, and the token that follows.</param>
    /// <param name="zTerm">As ModelGradient.Take.</param>
    /// <param name="dh">[tokens × d_model], written.</param>
    public double[] Take(NormWeights norm, LinearWeights unembedding, PaddedRows h, IReadOnlyList<(int Row, int Next)> predicted, double zTerm, PaddedRows dh)
    {
        WeightPanels.Pack(crew, [_forward.Of(unembedding.Weight, isBackward: false), _backward.Of(unembedding.Weight, isBackward: true)]);
        int vocabulary = unembedding.Weight.Rows, most = RowsAtOnce(vocabulary), ofTile = (int)Math.Clamp(LogitsOfTile / vocabulary / 8 * 8, 8, 128);
        dh.Resize(h.Rows, a.DModel);
        crew.Run(h.Rows, (t, _) => dh[t].Clear());
        double[] losses = new double[predicted.Count];
        for (int first = 0; first < predicted.Count; first += most)
            Some(norm, unembedding, h, predicted, first, new(Math.Min(most, predicted.Count - first), ofTile), zTerm, dh, losses);
        return losses;
    }

    void Some(NormWeights norm, LinearWeights unembedding, PaddedRows h, IReadOnlyList<(int Row, int Next)> predicted, int start, TokenTiles tiles, double zTerm, PaddedRows dh, double[] losses)
    {
        int vocabulary = unembedding.Weight.Rows;
        if (_statistics.Length < tiles.Tokens) _statistics = new NormStatistics[tiles.Tokens];
        _normed.Resize(tiles.Tokens, a.DModel);
        _byLogits.Resize(tiles.Tokens, vocabulary);
        foreach (var of in new[] { _weight, _bias }) of.Clear(tiles, a.DModel);
        if (unembedding.Bias is not null) _ofLogits.Clear(tiles, vocabulary);
        crew.Run(tiles.Count, (tile, worker) =>
        {
            crew.ThrowIfCancelled();
            int first = tiles.First(tile), rows = tiles.RowsOf(tile);
            var dNormed = _dNormed[worker].Resize(tiles.Size, a.DModel);
            for (int t = first; t < first + rows; t++) _statistics[t] = NormGradient.Forward(a, norm, h[predicted[start + t].Row], _normed[t]);
            _forward.Multiply(_normed.At(first), _normed.Stride, rows, _byLogits.At(first), _byLogits.Stride);
            for (int t = first; t < first + rows; t++)
            {
                if (unembedding.Bias is { } bias) Elementwise.Add(_byLogits[t], bias);
                losses[start + t] = Slope(_byLogits.At(t), PaddedRows.Up(vocabulary), vocabulary, predicted[start + t].Next, predicted.Count, zTerm);
            }
            if (unembedding.Bias is not null) _ofLogits.Add(tile, _byLogits, first, rows);
            _backward.Multiply(_byLogits.At(first), _byLogits.Stride, rows, dNormed.At(0), dNormed.Stride);
            for (int t = 0; t < rows; t++)
            {
                int row = predicted[start + first + t].Row;
                NormGradient.Add(a, norm, _statistics[first + t], h[row], dNormed[t], dh[row], _weight[tile], norm.Bias is null ? [] : _bias[tile]);
            }
        });
        _linear.Add(null, [new(WeightRole.Unembedding, _byLogits, _normed)]);
        if (unembedding.Bias is not null) sums.Add(WeightRole.UnembeddingBias, null, _ofLogits.Total(tiles));
        sums.Add(WeightRole.FinalNorm, null, _weight.Total(tiles));
        sums.Add(WeightRole.FinalNormBias, null, _bias.Total(tiles));
    }

    /// <summary>Logits become the loss's derivative by them: ((1 + 2·c·ln Z)·p − 1[next])/predictions, times the logit scale; returns −ln p(next).</summary>
    double Slope(float* logits, int padded, int vocabulary, int next, int predictions, double zTerm)
    {
        if (a.LogitScale != 1) Elementwise.Scale(new(logits, vocabulary), a.LogitScale);
        double of = logits[next];
        var (largest, sum) = SoftmaxRows.Powers(logits, padded, 0, vocabulary - 1, 1);
        if (!double.IsFinite(sum) || sum <= 0) return double.NaN;
        double logSum = largest + Elementary.Log(sum);
        SoftmaxRows.Scale(logits, padded, (float)((1 + 2 * zTerm * logSum) * a.LogitScale / (sum * predictions)));
        logits[next] -= (float)(a.LogitScale / predictions);
        return logSum - of;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _forward, _backward, _linear, _normed, _byLogits }) part.Dispose();
        foreach (var rows in _dNormed) rows.Dispose();
    }
}
