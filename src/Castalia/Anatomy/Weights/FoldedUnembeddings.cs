using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Anatomy.Weights;

/// <summary>Norms of W_U·diag(γ).</summary>
static class FoldedUnembeddings
{
    /// <summary>Reads the unembedding twice: for the mean of its rows, and for their norms with and without it.</summary>
    public static FoldedUnembedding Of(OpenWeights model, int? vocabularyIds, WeightScan scan)
    {
        var matrix = model.Matrix(new(WeightRole.Unembedding, null, 0));
        int rows = Math.Min(matrix.Rows, vocabularyIds ?? matrix.Rows), width = matrix.Columns;
        double[] gain = [.. model.FinalGain.Select(g => (double)g)], mean = VocabularyMean.Of(matrix, rows, scan);
        bool isMeanFree = model.Architecture.Norm == NormKind.LayerNorm;
        var sums = scan.Each(matrix, rows, (_, count, values) =>
        {
            (double Plain, double Centred) all = default;
            var folded = new double[width];
            for (int row = 0; row < count; row++)
            {
                var (squares, along) = Fold(values.Slice(row * width, width), mean, gain, folded);
                all.Plain += squares;
                all.Centred += SquaresAbout(folded, isMeanFree ? along / width : 0); // the mean is what a LayerNorm never gives
            }
            return all;
        });
        model.Drop(new(WeightRole.Unembedding, null, 0));
        return new(rows, Math.Sqrt(sums.Sum(sum => sum.Plain)), Math.Sqrt(sums.Sum(sum => sum.Centred)));
    }

    /// <summary>One row: folded ← (w − mean)⊙γ. Gives Σ(wγ)² and Σ of what was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (double Squares, double Sum) Fold(ReadOnlySpan<float> w, ReadOnlySpan<double> mean, ReadOnlySpan<double> gain, Span<double> folded)
    {
        ref float pw = ref MemoryMarshal.GetReference(w);
        ref double pm = ref MemoryMarshal.GetReference(mean), pg = ref MemoryMarshal.GetReference(gain), pf = ref MemoryMarshal.GetReference(folded);
        Vector512<double> squares = default, sums = default;
        int i = 0;
        for (; i <= w.Length - 8; i += 8)
        {
            Vector512<double> x = DoubleSum.Widen(ref pw, i), g = Vector512.LoadUnsafe(ref pg, (nuint)i), m = x * g;
            squares = Vector512.FusedMultiplyAdd(m, m, squares);
            m = (x - Vector512.LoadUnsafe(ref pm, (nuint)i)) * g;
            sums += m;
            m.StoreUnsafe(ref pf, (nuint)i);
        }
        double square = DoubleSum.Fold(squares), sum = DoubleSum.Fold(sums);
        for (; i < w.Length; i++)
        {
            double m = w[i] * gain[i];
            square = Math.FusedMultiplyAdd(m, m, square);
            sum += folded[i] = (w[i] - mean[i]) * gain[i];
        }
        return (square, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double SquaresAbout(ReadOnlySpan<double> x, double centre)
    {
        ref double p = ref MemoryMarshal.GetReference(x);
        var middle = Vector512.Create(centre);
        Vector512<double> squares = default;
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            var off = Vector512.LoadUnsafe(ref p, (nuint)i) - middle;
            squares = Vector512.FusedMultiplyAdd(off, off, squares);
        }
        double sum = DoubleSum.Fold(squares);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i] - centre, x[i] - centre, sum);
        return sum;
    }
}

/// <summary>The mean over the rows of a matrix.</summary>
static class VocabularyMean
{
    /// <summary>Of its first rows; each column summed within a tile, then over the tiles, in their order.</summary>
    public static double[] Of(IWeightRows matrix, int rows, WeightScan scan)
    {
        int width = matrix.Columns;
        var tiles = scan.Each(matrix, rows, (_, count, values) =>
        {
            var sum = new double[width];
            for (int row = 0; row < count; row++) Vectors.Add(1, values.Slice(row * width, width), sum);
            return sum;
        });
        var mean = new double[width];
        foreach (double[] tile in tiles) Vectors.Add(1, tile, mean);
        for (int i = 0; i < width; i++) mean[i] /= rows;
        return mean;
    }
}
