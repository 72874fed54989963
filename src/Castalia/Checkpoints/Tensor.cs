namespace Castalia.Checkpoints;

/// <summary>A named array inside a memory-mapped checkpoint file: a view, never a copy.</summary>
/// <remarks>Valid while the <see cref="Checkpoint"/> it came from is open. Shape is row-major, outermost axis first, whatever the file's own order.</remarks>
public sealed unsafe class Tensor
{
    internal Tensor(string name, DType dType, IReadOnlyList<long> shape, string file, byte* data, long byteLength)
    {
        Name = name;
        DType = dType;
        Shape = shape;
        File = file;
        Data = data;
        ByteLength = byteLength;
        Columns = shape.Count == 0 ? 1 : shape[^1];
        Rows = shape.Take(shape.Count - 1).Aggregate(1L, (n, axis) => n * axis);
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>How the elements are stored.</summary>
    public DType DType { get; }

    /// <summary>Lengths of the axes, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Path of the file that holds it.</summary>
    public string File { get; }

    /// <summary>Bytes it takes in the file.</summary>
    public long ByteLength { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Rows * Columns;

    /// <summary>Length of the last axis; 1 for a scalar.</summary>
    public long Columns { get; }

    /// <summary>Rows of the tensor seen as [rows × last axis].</summary>
    public long Rows { get; }

    /// <summary>First byte in the mapping.</summary>
    internal byte* Data { get; }
}
