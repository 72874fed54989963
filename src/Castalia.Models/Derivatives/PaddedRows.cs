using System.Runtime.CompilerServices;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A float32 matrix of rows with room for whole panels behind them.</summary>
/// <remarks>Rows begin an odd number of cache lines apart: a column of them does not fall on a few places of a cache.</remarks>
sealed unsafe class PaddedRows : IDisposable
{
    const long LargePage = (2 << 20) / sizeof(float); // a matrix that fills half of one takes it whole

    readonly FloatBuffer _values = new();

    /// <summary>Rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns that count.</summary>
    public int Columns { get; private set; }

    /// <summary>From one row to the next.</summary>
    public int Stride { get; private set; }

    /// <summary>A row.</summary>
    public Span<float> this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(At(row), Columns);
    }

    /// <summary>Where a row begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At(int row) => _values.Data + (long)row * Stride;

    /// <summary>Makes room; what was there is lost.</summary>
    public PaddedRows Resize(int rows, int columns)
    {
        (Rows, Columns, Stride) = (rows, columns, StrideOf(columns));
        _values.Resize(Length(rows, columns));
        return this;
    }

    /// <summary>Bytes that a matrix takes.</summary>
    public static long Bytes(long rows, int columns) => sizeof(float) * Length(rows, columns);

    static long Length(long rows, int columns)
    {
        long length = rows * StrideOf(columns);
        return length is >= LargePage / 2 and < LargePage ? LargePage : length;
    }

    static int StrideOf(int columns) => Up(columns) + PlainMatMul.Lanes;

    /// <summary>Columns with those that make them a multiple of a panel.</summary>
    public static int Up(int columns) => (columns + PlainMatMul.Panel - 1) / PlainMatMul.Panel * PlainMatMul.Panel;

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
