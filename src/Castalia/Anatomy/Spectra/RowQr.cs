namespace Castalia.Anatomy.Spectra;

/// <summary>The triangle R of a QR decomposition, rows coming in a few at a time: Householder's, backward stable whatever the rows are.</summary>
/// <param name="columns">Columns.</param>
sealed class RowQr(int columns)
{
    readonly double[] _r = new double[columns * columns];

    /// <summary>Columns.</summary>
    public int Columns => columns;

    /// <summary>Takes rows; overwrites them.</summary>
    /// <param name="rows">[n × columns].</param>
    public void Add(Span<double> rows)
    {
        int count = rows.Length / columns;
        double[] w = new double[columns], v = new double[count];
        for (int j = 0; j < columns; j++)
        {
            double squares = 0, largest = 0;
            for (int i = 0; i < count; i++) largest = Math.Max(largest, Math.Abs(v[i] = rows[i * columns + j]));
            if (largest == 0) continue;
            double head = _r[j * columns + j], scale = Math.Max(largest, Math.Abs(head));
            foreach (double x in v) squares += x / scale * (x / scale);
            double length = scale * Math.Sqrt(squares + head / scale * (head / scale)), first = head + (head < 0 ? -length : length);
            // H = 1 − τ·v·vᵀ with v = (1, rows/first) takes the column to −sign(head)·length.
            double tau = first / (head < 0 ? -length : length);
            for (int i = 0; i < count; i++) v[i] /= first;
            int rest = columns - j - 1;
            var own = _r.AsSpan(j * columns + j + 1, rest);
            own.CopyTo(w);
            for (int i = 0; i < count; i++) Vectors.Add(v[i], rows.Slice(i * columns + j + 1, rest), w.AsSpan(0, rest));
            Vectors.Add(-tau, w.AsSpan(0, rest), own);
            for (int i = 0; i < count; i++) Vectors.Add(-tau * v[i], w.AsSpan(0, rest), rows.Slice(i * columns + j + 1, rest));
            _r[j * columns + j] = head < 0 ? length : -length;
        }
    }

    /// <summary>R, row-major, zeros below the diagonal.</summary>
    public ReadOnlySpan<double> Triangle => _r;
}
