namespace Castalia.Checkpoints;

/// <summary>A named array inside a memory-mapped checkpoint file: a view, never a copy.</summary>
/// <remarks>Valid while the <see cref="Checkpoint"/> it came from is open. Shape is row-major, outermost axis first, whatever the file's own order.</remarks>
sealed unsafe class Tensor
{
    readonly long[]? _strides; // elements from one index to the next of each axis; null where they lie row-major without gaps

    internal Tensor(
        string name, DType dType, IReadOnlyList<long> shape, string file, byte* data, long byteLength,
        IReadOnlyList<long>? strides = null)
    {
        Name = name;
        DType = dType;
        Shape = shape;
        File = file;
        Data = data;
        ByteLength = byteLength;
        Columns = shape.Count == 0 ? 1 : shape[^1];
        Rows = 1;
        for (int axis = 0; axis < shape.Count - 1; axis++) Rows *= shape[axis];
        if (strides is null || IsRowMajor(shape, strides)) return;
        if (dType.Block().Elements != 1) throw new ArgumentException($"{dType} has no strides.", nameof(strides));
        _strides = [.. strides];
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>How the elements are stored.</summary>
    public DType DType { get; }

    /// <summary>Lengths of the axes, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Path of the file that holds it.</summary>
    public string File { get; }

    /// <summary>Bytes its elements take as stored; a view that repeats elements counts each time.</summary>
    public long ByteLength { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Rows * Columns;

    /// <summary>Length of the last axis; 1 for a scalar.</summary>
    public long Columns { get; }

    /// <summary>Rows of the tensor seen as [rows × last axis].</summary>
    public long Rows { get; }

    /// <summary>The elements lie row-major without gaps; only a PyTorch view may be otherwise.</summary>
    public bool IsContiguous => _strides is null;

    /// <summary>First byte in the mapping. Only of a contiguous tensor are the following <see cref="ByteLength"/> bytes its elements.</summary>
    internal byte* Data { get; }

    /// <summary>Bytes from <see cref="Data"/> to the end of its last element.</summary>
    internal long Extent
    {
        get
        {
            if (_strides is null) return ByteLength;
            long last = 0;
            for (int axis = 0; axis < Shape.Count; axis++) last += (Shape[axis] - 1) * _strides[axis];
            return (last + 1) * DType.Block().Bytes;
        }
    }

    /// <summary>Elements from one column to the next.</summary>
    internal long ColumnStride => _strides is null || Columns <= 1 ? 1 : _strides[^1];

    /// <summary>First byte of a row of the tensor seen as [rows × last axis].</summary>
    internal byte* RowStart(long row)
    {
        var (elements, bytes) = DType.Block();
        if (_strides is null) return Data + row * Columns / elements * bytes;
        long at = 0;
        for (int axis = Shape.Count - 2; axis >= 0; axis--)
        {
            (row, long index) = Math.DivRem(row, Shape[axis]);
            at += index * _strides[axis];
        }
        return Data + at * bytes;
    }

    /// <summary>The same elements under another name.</summary>
    internal Tensor Renamed(string name) => new(name, DType, Shape, File, Data, ByteLength, _strides);

    /// <summary>Copies elements of a row as stored, leaving out what lies between them.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="start">First column.</param>
    /// <param name="destination">Written whole; a multiple of an element long.</param>
    internal void CopyRow(long row, long start, Span<byte> destination)
    {
        int size = DType.Block().Bytes;
        if (row < 0 || row >= Rows || start < 0 || start > Columns - destination.Length / size)
            throw new ArgumentOutOfRangeException(nameof(row), $"{destination.Length / size} columns from {start} of row {row} of [{Rows} × {Columns}].");
        long step = ColumnStride * size;
        byte* from = RowStart(row) + start * step;
        if (ColumnStride == 1)
        {
            new ReadOnlySpan<byte>(from, destination.Length).CopyTo(destination);
            return;
        }
        for (int at = 0; at < destination.Length; at += size, from += step)
            new ReadOnlySpan<byte>(from, size).CopyTo(destination[at..]);
    }

    /// <summary>Whether strides are those of row-major order; of an axis of length 1 any stride is.</summary>
    static bool IsRowMajor(IReadOnlyList<long> shape, IReadOnlyList<long> strides)
    {
        if (shape.Contains(0)) return true;
        long expected = 1;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected) return false;
            expected *= shape[axis];
        }
        return true;
    }
}
