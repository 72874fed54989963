namespace Castalia.Anatomy.Spectra;

/// <summary>The leading right singular directions of a matrix.</summary>
/// <param name="Vectors">The directions, orthonormal, largest singular value first; each as long as the matrix has columns.</param>
/// <param name="Values">Their singular values.</param>
/// <param name="Next">The singular value after the last of them; 0 where there is none.</param>
/// <param name="Error">Bound on the sine of the largest angle between their span and the true one: what is left of Aᵀu = σv, over the gap to the next value.</param>
sealed record LeadingDirections(IReadOnlyList<double[]> Vectors, IReadOnlyList<double> Values, double Next, double Error)
{
    /// <summary>The widest matrix that is decomposed whole; the time grows with the third power, 3 s at 512 columns.</summary>
    public const int MostWhole = 512;

    const double Tolerance = 1e-11, Sure = 1e-12, Rounding = 2.220446049250313e-16;

    const ulong Seed = 20261, CheckSeed = 20262;

    /// <summary>Of a matrix with a vector subtracted from every row; of a narrow one from its whole decomposition, else step by step.</summary>
    /// <exception cref="ArithmeticException">Step by step some direction was missed, as those of equal singular values can be.</exception>
    public static LeadingDirections Of(HeldMatrix matrix, double[] mean, int count) => matrix.Columns <= MostWhole || matrix.Rows < matrix.Columns
        ? Whole(matrix, mean, count)
        : Stepwise(new CentredRows(matrix, mean), count);

    /// <summary>By the triangle R of a QR decomposition of the rows, and its singular value decomposition.</summary>
    static LeadingDirections Whole(HeldMatrix matrix, double[] mean, int count)
    {
        const int rowsAtOnce = 128;
        int columns = matrix.Columns;
        var qr = new RowQr(columns);
        var rows = new double[rowsAtOnce * columns];
        for (int row = 0; row < matrix.Rows; row += rowsAtOnce)
        {
            int present = Math.Min(rowsAtOnce, matrix.Rows - row);
            for (int i = 0; i < present; i++)
            {
                var values = matrix.Row(row + i);
                for (int j = 0; j < columns; j++) rows[i * columns + j] = values[j] - mean[j];
            }
            qr.Add(rows.AsSpan(0, present * columns));
        }
        return Whole(qr, count);
    }

    /// <summary>The same of the triangle of a QR decomposition.</summary>
    public static LeadingDirections Whole(RowQr qr, int count)
    {
        var (values, right) = SmallSvd.RightVectors(qr.Triangle, qr.Columns);
        count = Math.Min(count, qr.Columns);
        double next = count < values.Length ? values[count] : 0, gap = values[count - 1] - next;
        // Errors of both decompositions are a modest multiple of rounding of the largest value; the dimension is a generous one.
        double error = count == qr.Columns ? 0 : gap > 0 ? qr.Columns * Rounding * values[0] / gap : double.PositiveInfinity;
        return new(right[..count], values[..count], next, error);
    }

    /// <summary>By bidiagonalisation, checked by a second one of what is left.</summary>
    public static LeadingDirections Stepwise(ILinearMap map, int count)
    {
        count = Math.Min(count, map.Columns);
        var b = new Bidiagonalization(map, Seed);
        for (int look = 2 * count; ; look += look / 3)
        {
            while (b.Order < look && !b.IsWhole) b.Step();
            var (values, last, right) = SmallSvd.Bidiagonal(b.Diagonal, b.Beside);
            double left = Math.Sqrt(Enumerable.Range(0, Math.Min(count, values.Length)).Sum(i => Math.Pow(b.Beside[^1] * last[i], 2)));
            if (values.Length < count || (left > Tolerance * values[0] && !b.IsWhole)) continue;
            double[][] vectors = [.. right.Take(count).Select(v => b.Right(v))];
            // Equal singular values show once in B: what is left of the matrix must hold nothing larger.
            var rest = count == map.Columns ? default : Checked(new WithoutDirections(map, vectors));
            if (rest.Value > values[count - 1] * (1 + Sure) + rest.Bound)
                throw new ArithmeticException($"A direction was missed: {rest.Value} is left beside {values[count - 1]}.");
            double gap = values[count - 1] - rest.Value, residual = left + map.Columns * Rounding * values[0];
            return new(vectors, values[..count], rest.Value, count == map.Columns ? 0 : gap > 0 ? residual / gap : double.PositiveInfinity);
        }
    }

    static SpectralNorm Checked(ILinearMap rest) => SpectralNorm.Of(rest, CheckSeed);
}
