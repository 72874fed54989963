namespace Castalia.Anatomy.Spectra;

/// <summary>ln|det A| of a square matrix, nats; one thread.</summary>
/// <remarks>
/// Gaussian elimination with row exchanges, <see cref="Block"/> columns at a time: a row is brought up to date by all pivots of a block while it is in the first-level cache.
/// Each entry's sum runs over ascending pivots, whatever the block: one order, the same bits everywhere.
/// </remarks>
static class LogDeterminant
{
    const int Block = 64;

    /// <summary>ln|det A|; −∞ where a pivot is 0.</summary>
    /// <param name="matrix">[n × n], row-major; not changed.</param>
    /// <param name="n">Rows and columns.</param>
    public static double Of(double[] matrix, int n)
    {
        double[] a = [.. matrix];
        double sum = 0;
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(first + Block, n);
            for (int p = first; p < end; p++)
            {
                Exchange(a, n, p);
                double pivot = a[p * n + p];
                if (pivot == 0) return double.NegativeInfinity;
                sum += Math.Log(Math.Abs(pivot));
                for (int i = p + 1; i < n; i++)
                {
                    double factor = a[i * n + p] /= pivot;
                    Vectors.Add(-factor, a.AsSpan(p * n + p + 1, end - p - 1), a.AsSpan(i * n + p + 1, end - p - 1));
                }
            }
            for (int i = first + 1; i < n && end < n; i++)
                for (int p = first; p < Math.Min(i, end); p++) Vectors.Add(-a[i * n + p], a.AsSpan(p * n + end, n - end), a.AsSpan(i * n + end, n - end));
        }
        return sum;
    }

    /// <summary>Brings the row of the largest entry of column p, from row p down, to row p.</summary>
    static void Exchange(double[] a, int n, int p)
    {
        int largest = p;
        for (int i = p + 1; i < n; i++)
            if (Math.Abs(a[i * n + p]) > Math.Abs(a[largest * n + p])) largest = i;
        if (largest == p) return;
        double[] row = a.AsSpan(p * n, n).ToArray();
        a.AsSpan(largest * n, n).CopyTo(a.AsSpan(p * n, n));
        row.CopyTo(a, largest * n);
    }
}
