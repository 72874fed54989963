using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A float32 matrix in memory, row after row; also what a linear layer reads as its weights.</summary>
sealed unsafe class FloatRows : IWeightRows, IDisposable
{
    readonly FloatBuffer _values = new();

    /// <inheritdoc/>
    public int Rows { get; private set; }

    /// <inheritdoc/>
    public int Columns { get; private set; }

    /// <summary>First value.</summary>
    public float* Data => _values.Data;

    /// <summary>A row.</summary>
    public Span<float> this[int row] => _values.Row(row, Columns);

    /// <summary>Makes room; what was there is lost.</summary>
    public FloatRows Resize(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        _values.Resize((long)rows * columns);
        return this;
    }

    /// <summary>Makes room for zeros.</summary>
    public FloatRows Clear(int rows, int columns)
    {
        Resize(rows, columns);
        for (int row = 0; row < rows; row++) this[row].Clear();
        return this;
    }

    /// <inheritdoc/>
    public void Widen(int row, int start, Span<float> destination) => this[row].Slice(start, destination.Length).CopyTo(destination);

    /// <summary>Becomes the transpose of a matrix.</summary>
    /// <param name="of">[rows × columns].</param>
    /// <param name="crew">Threads.</param>
    public FloatRows Transposed(IWeightRows of, Crew crew)
    {
        const int some = 64;
        Resize(of.Columns, of.Rows);
        int parts = (of.Rows + some - 1) / some;
        crew.Run(parts, (part, _) =>
        {
            int first = part * some, count = Math.Min(some, of.Rows - first);
            float* tile = stackalloc float[some * some];
            for (int column = 0; column < of.Columns; column += some)
            {
                int width = Math.Min(some, of.Columns - column);
                of.Tile(first, count, column, width, tile, some);
                for (int k = 0; k < width; k++)
                {
                    float* to = Data + (long)(column + k) * Columns + first;
                    for (int row = 0; row < count; row++) to[row] = tile[row * some + k];
                }
            }
        });
        return this;
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
