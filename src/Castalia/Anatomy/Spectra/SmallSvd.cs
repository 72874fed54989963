using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Castalia.Anatomy.Spectra;

/// <summary>Singular values of matrices that are small enough to be decomposed whole.</summary>
static class SmallSvd
{
    /// <summary>The singular values, largest first.</summary>
    /// <param name="values">[rows × columns], row-major.</param>
    /// <param name="columns">Columns.</param>
    public static double[] Values(ReadOnlySpan<double> values, int columns) => [.. Checked(Of(values, columns).Svd(computeVectors: false).S)];

    /// <summary>The singular values, largest first, and the right singular vectors, one each.</summary>
    public static (double[] Values, double[][] Right) RightVectors(ReadOnlySpan<double> values, int columns)
    {
        var svd = Of(values, columns).Svd(computeVectors: true);
        return ([.. Checked(svd.S)], [.. svd.VT.EnumerateRows().Select(row => row.ToArray())]);
    }

    /// <summary>The singular values and the last entry of each left singular vector and the right singular vectors, of an upper bidiagonal matrix.</summary>
    public static (double[] Values, double[] LastOfLeft, double[][] Right) Bidiagonal(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside)
    {
        int k = diagonal.Length;
        var b = new double[k * k];
        for (int i = 0; i < k; i++)
        {
            b[i * k + i] = diagonal[i];
            if (i < k - 1) b[i * k + i + 1] = beside[i];
        }
        var svd = Of(b, k).Svd(computeVectors: true);
        return ([.. Checked(svd.S)], svd.U.Row(k - 1).ToArray(), [.. svd.VT.EnumerateRows().Select(row => row.ToArray())]);
    }

    static DenseMatrix Of(ReadOnlySpan<double> values, int columns)
    {
        int rows = values.Length / columns;
        var matrix = new DenseMatrix(rows, columns);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) matrix.At(i, j, values[i * columns + j]);
        return matrix;
    }

    static Vector<double> Checked(Vector<double> values) =>
        values.All(double.IsFinite) ? values : throw new ArithmeticException("A singular value decomposition gave values that are no numbers.");
}
