using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Anatomy.Spectra;

/// <summary>A matrix in memory as float32, multiplied in float64.</summary>
/// <remarks>Rows, and columns of the transposed product, are split over threads, never a sum.</remarks>
sealed unsafe class HeldMatrix : ILinearMap, IDisposable
{
    const int RowsAtOnce = 64, ColumnsAtOnce = 512;

    readonly Crew _crew;
    readonly FloatBuffer _values = new();

    /// <summary>Reads some first rows of a matrix.</summary>
    public HeldMatrix(IWeightRows matrix, int rows, Crew crew)
    {
        (_crew, Rows, Columns) = (crew, rows, matrix.Columns);
        _values.Resize((long)Rows * Columns);
        int pieces = (Rows + RowsAtOnce - 1) / RowsAtOnce;
        crew.Run(pieces, (piece, _) =>
        {
            int row = piece * RowsAtOnce, count = Math.Min(RowsAtOnce, Rows - row);
            matrix.Tile(row, count, 0, Columns, _values.Data + (long)row * Columns, Columns);
        });
    }

    /// <summary>Reads a whole matrix.</summary>
    public HeldMatrix(IWeightRows matrix, Crew crew) : this(matrix, matrix.Rows, crew)
    {
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <summary>A row.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.Row(row, Columns);

    /// <inheritdoc/>
    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        fixed (double* from = x)
        fixed (double* to = y)
        {
            double* given = from, got = to;
            _crew.Run((Rows + RowsAtOnce - 1) / RowsAtOnce, (piece, _) =>
            {
                int end = Math.Min(Rows, (piece + 1) * RowsAtOnce);
                for (int row = piece * RowsAtOnce; row < end; row++) got[row] = Vectors.Dot(Row(row), new ReadOnlySpan<double>(given, Columns));
            });
        }
    }

    /// <inheritdoc/>
    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        fixed (double* from = y)
        fixed (double* to = x)
        {
            double* given = from, got = to;
            _crew.Run((Columns + ColumnsAtOnce - 1) / ColumnsAtOnce, (piece, _) =>
            {
                int first = piece * ColumnsAtOnce, count = Math.Min(ColumnsAtOnce, Columns - first);
                var strip = new Span<double>(got + first, count);
                strip.Clear();
                for (int row = 0; row < Rows; row++) Vectors.Add(given[row], Row(row).Slice(first, count), strip);
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}

/// <summary>A matrix with one vector subtracted from every row.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="mean">The vector, [columns].</param>
sealed class CentredRows(ILinearMap matrix, double[] mean) : ILinearMap
{
    public int Rows => matrix.Rows;

    public int Columns => matrix.Columns;

    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        matrix.Times(x, y);
        double along = Vectors.Dot(mean, x);
        for (int row = 0; row < y.Length; row++) y[row] -= along;
    }

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        matrix.TransposedTimes(y, x);
        double sum = 0;
        foreach (double one in y) sum += one;
        Vectors.Add(-sum, mean, x);
    }
}

/// <summary>A·diag(g).</summary>
/// <param name="matrix">A.</param>
/// <param name="factors">g.</param>
sealed class ScaledColumns(ILinearMap matrix, double[] factors) : ILinearMap
{
    public int Rows => matrix.Rows;

    public int Columns => matrix.Columns;

    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        double[] scaled = x.ToArray();
        for (int i = 0; i < scaled.Length; i++) scaled[i] *= factors[i];
        matrix.Times(scaled, y);
    }

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        matrix.TransposedTimes(y, x);
        for (int i = 0; i < x.Length; i++) x[i] *= factors[i];
    }
}

/// <summary>W_O·W_V, from stream to stream: what attention adds where every head looks at one position; key/value heads serve their groups.</summary>
/// <param name="attnOut">W_O, [d_model × n_heads·head_dim].</param>
/// <param name="value">W_V, [n_kv_heads·head_dim × d_model].</param>
/// <param name="headDim">Width of a head.</param>
sealed class ValueOut(ILinearMap attnOut, ILinearMap value, int headDim) : ILinearMap
{
    readonly double[] _values = new double[value.Rows], _heads = new double[attnOut.Columns];

    int Group => _heads.Length / _values.Length;

    public int Rows => attnOut.Rows;

    public int Columns => value.Columns;

    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        value.Times(x, _values);
        for (int head = 0; head < _heads.Length / headDim; head++)
            _values.AsSpan(head / Group * headDim, headDim).CopyTo(_heads.AsSpan(head * headDim, headDim));
        attnOut.Times(_heads, y);
    }

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        attnOut.TransposedTimes(y, _heads);
        Array.Clear(_values);
        for (int head = 0; head < _heads.Length / headDim; head++)
            Vectors.Add(1, _heads.AsSpan(head * headDim, headDim), _values.AsSpan(head / Group * headDim, headDim));
        value.TransposedTimes(_values, x);
    }
}
