using Castalia.Architectures;

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
            double plain = 0, centred = 0;
            var folded = new double[width];
            for (int row = 0; row < count; row++)
            {
                var w = values.Slice(row * width, width);
                double own = 0, ownCentred = 0, along = 0;
                for (int i = 0; i < width; i++)
                {
                    double m = w[i] * gain[i];
                    own += m * m;
                    along += folded[i] = (w[i] - mean[i]) * gain[i];
                }
                double off = isMeanFree ? along / width : 0; // what a LayerNorm never gives
                foreach (double m in folded) ownCentred += (m - off) * (m - off);
                plain += own;
                centred += ownCentred;
            }
            return (plain, centred);
        });
        model.Drop(new(WeightRole.Unembedding, null, 0));
        return new(rows, Math.Sqrt(sums.Sum(sum => sum.plain)), Math.Sqrt(sums.Sum(sum => sum.centred)));
    }
}

/// <summary>The mean over the rows of a matrix.</summary>
static class VocabularyMean
{
    /// <summary>Of its first rows; each column summed within a tile, then over the tiles, in their order.</summary>
    public static double[] Of(Kernels.IWeightRows matrix, int rows, WeightScan scan)
    {
        int width = matrix.Columns;
        var tiles = scan.Each(matrix, rows, (_, count, values) =>
        {
            var sum = new double[width];
            for (int row = 0; row < count; row++)
            {
                var w = values.Slice(row * width, width);
                for (int i = 0; i < width; i++) sum[i] += w[i];
            }
            return sum;
        });
        var mean = new double[width];
        foreach (double[] tile in tiles)
            for (int i = 0; i < width; i++) mean[i] += tile[i];
        for (int i = 0; i < width; i++) mean[i] /= rows;
        return mean;
    }
}
