using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Anatomy.Weights;

/// <summary>Reads matrices once from first row to last, a tile of rows at a time, and sums over each.</summary>
/// <remarks>How many rows a tile has depends on the matrix alone, and tiles are added in their order: the same bits for any number of threads.</remarks>
/// <param name="crew">Threads.</param>
sealed unsafe class WeightScan(Crew crew) : IDisposable
{
    const int TileValues = 1 << 18, MostRows = 1024;

    readonly FloatBuffer[] _first = Buffers(crew.Threads), _second = Buffers(crew.Threads);

    /// <summary>Is given some whole rows, row-major.</summary>
    /// <typeparam name="T">What it makes of them.</typeparam>
    public delegate T OfRows<T>(int firstRow, int rows, Span<float> values);

    /// <summary>Sums over a matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    public ValueSums Sums(IWeightRows matrix) => ValueSums.Merged(Each(matrix, matrix.Rows, (_, _, values) => ValueSums.Of(values)));

    /// <summary>Sums over two matrices of one shape.</summary>
    public PairSums Sums(IWeightRows matrix, IWeightRows other)
    {
        if ((matrix.Rows, matrix.Columns) != (other.Rows, other.Columns))
            throw new ArgumentException($"[{matrix.Rows} × {matrix.Columns}] and [{other.Rows} × {other.Columns}].", nameof(other));
        int step = Step(matrix.Columns), tiles = Tiles(matrix.Rows, step);
        var sums = new PairSums[tiles];
        crew.Run(tiles, (tile, worker) =>
        {
            int row = tile * step, rows = Math.Min(step, matrix.Rows - row);
            sums[tile] = PairSums.Of(Read(matrix, row, rows, _first[worker]), Read(other, row, rows, _second[worker]));
        });
        return sums.Aggregate(default(PairSums), (all, one) => all + one);
    }

    /// <summary>What is made of each tile of the first rows, in their order.</summary>
    public T[] Each<T>(IWeightRows matrix, int ofRows, OfRows<T> make)
    {
        int step = Step(matrix.Columns), tiles = Tiles(ofRows, step);
        var made = new T[tiles];
        crew.Run(tiles, (tile, worker) =>
        {
            int row = tile * step, rows = Math.Min(step, ofRows - row);
            made[tile] = make(row, rows, Read(matrix, row, rows, _first[worker]));
        });
        return made;
    }

    static Span<float> Read(IWeightRows matrix, int row, int rows, FloatBuffer buffer)
    {
        int count = rows * matrix.Columns;
        matrix.Tile(row, rows, 0, matrix.Columns, buffer.Resize(count).Data, matrix.Columns);
        return buffer.Span(0, count);
    }

    static int Step(int columns) => Math.Clamp(TileValues / columns, 1, MostRows);

    static int Tiles(int rows, int step) => (rows + step - 1) / step;

    static FloatBuffer[] Buffers(int count) => [.. Enumerable.Range(0, count).Select(_ => new FloatBuffer())];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _first.Concat(_second)) buffer.Dispose();
    }
}
