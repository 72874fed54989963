using System.Runtime.CompilerServices;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A stored matrix read in the order the arithmetic wants.</summary>
sealed unsafe class StoredRows : IWeightRows
{
    readonly StoredWeight _stored;
    readonly int[]? _sources;   // stored row of each of ours; null where they are the same
    readonly byte* _data;       // of row-major values; null where they are to be gathered
    readonly FileRange? _place; // where a thread copies rows from; null where they are read as they lie
    readonly long _rowBytes;
    readonly int _elements, _bytes;

    /// <param name="stored">The matrix.</param>
    /// <param name="orders">Where its rows are stored.</param>
    /// <param name="place">Its place in a file; null for one in memory.</param>
    public StoredRows(StoredWeight stored, SourceRows orders, FileRange? place = null)
    {
        _stored = stored;
        _sources = orders.Of(stored.Rows, stored.Out);
        (_elements, _bytes) = stored.Tensor.DType.Block();
        if (!stored.Tensor.IsContiguous) return;
        _data = stored.Tensor.Data;
        _rowBytes = stored.Tensor.Columns / _elements * _bytes;
        _place = stored.Transposed ? null : place;
    }

    /// <inheritdoc/>
    public int Rows => _stored.Out;

    /// <inheritdoc/>
    public int Columns => _stored.In;

    /// <inheritdoc/>
    public void Widen(int row, int start, Span<float> destination)
    {
        if (_stored.Transposed)
        {
            fixed (float* to = destination) TileAcross(row, 1, start, destination.Length, to, destination.Length);
            return;
        }
        Checkpoints.Widen.Row(_stored.Tensor, Source(row), start, destination);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tile(int firstRow, int rows, int start, int count, float* to, int stride)
    {
        if (firstRow < 0 || rows < 0 || firstRow + rows > Rows || start < 0 || count < 0 || start + count > Columns)
            throw new ArgumentOutOfRangeException(nameof(firstRow), $"[{firstRow} + {rows} × {start} + {count}] of [{Rows} × {Columns}]");
        if (_stored.Transposed) TileAcross(firstRow, rows, start, count, to, stride);
        else if (_data is null || start % _elements != 0 || count % _elements != 0)
            for (int row = 0; row < rows; row++, to += stride) Widen(firstRow + row, start, new Span<float>(to, count));
        else
        {
            var copy = Copy(firstRow, rows, start);
            int at = start / _elements * _bytes;
            for (int row = 0, run; row < rows; row += run)
            {
                byte* from = Place(copy, firstRow + row);
                run = _sources is null ? rows : 1;
                while (row + run < rows && Place(copy, firstRow + row + run) == from + run * _rowBytes) run++;
                Checkpoints.Widen.Stored(_stored.Tensor, from + at, _rowBytes, to + (long)row * stride, stride, run, count);
            }
        }
    }

    /// <inheritdoc/>
    public void Expect(int firstRow, int rows)
    {
        if (_data is not null) _ = Copy(firstRow, rows, start: 0);
    }

    /// <summary>Where a row is read.</summary>
    byte* Place(RowBuffer? copy, int row) => copy is null ? _data + Source(row) * _rowBytes : copy.Row(row, _rowBytes);

    /// <summary>This thread's copy of the rows; null where they are read as they lie.</summary>
    RowBuffer? Copy(int firstRow, int rows, int start)
    {
        if (_place is not { } place) return null;
        var buffer = RowBuffer.Own;
        if (buffer.Holds(this, firstRow, rows)) return buffer;
        // Only who begins with the first columns is taken to go on to the last.
        return start == 0 && buffer.Read(this, firstRow, rows, _rowBytes, place, _sources) ? buffer : null;
    }

    /// <inheritdoc/>
    /// <remarks>A thread's own copy was made a moment ago and is near enough: asking for it again gave nothing.</remarks>
    public bool IsFar => _data is not null && _place is null;

    /// <inheritdoc/>
    /// <remarks>Rows stored in another order are taken to follow one another: those at borders of heads are missed.</remarks>
    public MatMul.Ahead Ahead(int firstRow, int rows, int start, int count, int part, int parts, int places)
    {
        if (!IsFar) return default;
        if (_stored.Transposed) (firstRow, rows, start, count) = (start, count, firstRow, rows);
        int share = (rows + parts - 1) / parts, first = firstRow + part * share, present = Math.Min(share, firstRow + rows - first);
        if (present <= 0) return default;
        byte* from = _data + (_stored.Transposed ? first : Source(first)) * _rowBytes + start / _elements * _bytes;
        int bytes = (count + _elements - 1) / _elements * _bytes, inRow = Math.Max(1, places / present), step = (bytes + inRow - 1) / inRow;
        return new((nint)from, step, inRow, _rowBytes - inRow * step);
    }

    /// <summary>Reads a transposed matrix along its stored rows, some of them at a time: across them every value would be its own cache line.</summary>
    void TileAcross(int firstRow, int rows, int start, int count, float* to, int stride)
    {
        const int most = 256, deep = 16;
        float* run = stackalloc float[deep * most];
        for (int row = 0; row < rows;)
        {
            long source = Source(firstRow + row);
            int length = 1;
            while (row + length < rows && length < most && Source(firstRow + row + length) == source + length) length++;
            for (int k = 0; k < count; k += deep)
            {
                int depth = Math.Min(deep, count - k);
                for (int i = 0; i < depth; i++)
                    Checkpoints.Widen.Row(_stored.Tensor, start + k + i, (int)source, new Span<float>(run + i * most, length));
                Transpose.Run(run, most, depth, length, to + (long)row * stride + k, stride);
            }
            row += length;
        }
    }

    long Source(int row) => _sources is null ? row : _sources[row];
}
