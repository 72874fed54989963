using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Attribution;

/// <summary>How long what each head and neuron of a block writes is: ‖f·γ ⊙ (W·x)‖, x its slice of z or its entry of mlp_post, f and γ those of a norm after the sublayer and its multiplier.</summary>
/// <remarks>Of heads by the Gram matrix of their columns of W_O: ‖W·x‖² = xᵀ(WᵀW)x, so that nothing as wide as the stream is made. Sums run over rows ascending.</remarks>
sealed class UnitLengths
{
    readonly Architecture _a;
    readonly double[][] _grams; // [head][head_dim × head_dim]
    readonly double[] _columns;

    /// <param name="a">The model.</param>
    /// <param name="weights">The block; of a mixture heads only.</param>
    /// <param name="crew">Threads; no figure depends on them.</param>
    public UnitLengths(Architecture a, BlockWeights weights, Crew crew)
    {
        _a = a;
        _columns = new double[a.Mlp == MlpKind.Mixture ? 0 : a.DFf];
        _grams = [.. Enumerable.Range(0, a.NHeads).Select(_ => new double[a.HeadDim * a.HeadDim])];
        float[] columns = new float[_columns.Length], row = new float[a.NHeads * a.HeadDim];
        for (int d = 0; d < a.DModel; d++)
        {
            if (columns.Length > 0)
            {
                double gain = weights.MlpPostNorm?.Weight[d] ?? 1;
                weights.Mlps[0].Down.Weight.Widen(d, 0, columns);
                for (int j = 0; j < columns.Length; j++) _columns[j] += gain * columns[j] * (gain * columns[j]);
            }
            double of = weights.AttnPostNorm?.Weight[d] ?? 1;
            weights.AttnOut.Weight.Widen(d, 0, row);
            crew.Run(a.NHeads, (head, _) => AddProducts(row.AsSpan(head * a.HeadDim, a.HeadDim), of * of, _grams[head]));
        }
        foreach (ref double column in _columns.AsSpan()) column = Math.Sqrt(column);
    }

    /// <summary>Units: heads, then neurons.</summary>
    public int Count => _grams.Length + _columns.Length;

    /// <summary>Lengths of one token's, heads first.</summary>
    /// <param name="z">What goes into attention's output projection.</param>
    /// <param name="ofAttention">f of attention.</param>
    /// <param name="mlpPost">What goes into the MLP's; of a mixture nothing.</param>
    /// <param name="ofMlp">f of the MLP.</param>
    public double[] Of(ReadOnlySpan<double> z, double ofAttention, ReadOnlySpan<double> mlpPost, double ofMlp)
    {
        double[] lengths = new double[Count];
        int width = _a.HeadDim;
        for (int head = 0; head < _grams.Length; head++)
        {
            var x = z.Slice(head * width, width);
            double square = 0;
            for (int i = 0; i < width; i++) square += x[i] * LaneSums.Dot(_grams[head].AsSpan(i * width, width), x);
            lengths[head] = Math.Abs(ofAttention) * Math.Sqrt(Math.Max(0, square));
        }
        for (int j = 0; j < _columns.Length; j++) lengths[_grams.Length + j] = Math.Abs(ofMlp * mlpPost[j]) * _columns[j];
        return lengths;
    }

    static void AddProducts(ReadOnlySpan<float> row, double factor, double[] gram)
    {
        double[] wide = new double[row.Length];
        Wide.Copy(row, wide);
        for (int i = 0; i < wide.Length; i++) LaneSums.Add(factor * wide[i], wide, gram.AsSpan(i * wide.Length, wide.Length));
    }
}
