using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Castalia.Checkpoints.Blocks;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Stored values as float32: exact for F32, F16 and BF16; as ggml computes them for its blocks; F64 rounded to nearest.</summary>
/// <remarks>Every vector path returns the bits of the scalar one: conversions are exact or one rounding per operation.</remarks>
static unsafe class Widen
{
    const int Lanes = 16, LinesAhead = 16 * Lanes; // where values go is in the second-level cache: a store that waits for its line holds up the next

    /// <summary>Some values of one row of a tensor seen as [rows × last axis].</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="row">Which row; 0 for a vector.</param>
    /// <param name="start">First column; for ggml blocks a multiple of their length.</param>
    /// <param name="destination">Written whole; for ggml blocks a multiple of their length.</param>
    /// <exception cref="InputException">The tensor holds integers.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(Tensor tensor, long row, int start, Span<float> destination)
    {
        long columns = tensor.Columns;
        if (row < 0 || row >= tensor.Rows || start < 0 || start + destination.Length > columns)
            throw new ArgumentOutOfRangeException(nameof(row), $"Columns {start} to {start + destination.Length} of row {row} of [{tensor.Rows} × {columns}].");
        var (elements, bytes) = tensor.DType.Block();
        if (start % elements != 0 || destination.Length % elements != 0)
            throw new ArgumentException($"{tensor.DType} is read by {elements} values.", nameof(start));
        if (tensor.ColumnStride != 1) Gathered(tensor, row, start, destination);
        else
            fixed (float* to = destination) Stored(tensor, tensor.RowStart(row) + start / elements * bytes, to, destination.Length);
    }

    /// <summary>Some rows of as many values each that lie side by side, whole blocks.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="from">The first value of the first row.</param>
    /// <param name="rowBytes">From a row to the next.</param>
    /// <param name="to">Written: each row <paramref name="stride"/> values after the one before.</param>
    /// <param name="stride">Values.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Values of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Stored(Tensor tensor, byte* from, long rowBytes, float* to, int stride, int rows, int count)
    {
        switch (tensor.DType)
        {
            case DType.F16:
                for (int row = 0; row < rows; row++, from += rowBytes, to += stride) Half((ushort*)from, to, count);
                break;
            case DType.BF16:
                for (int row = 0; row < rows; row++, from += rowBytes, to += stride) BFloat16((ushort*)from, to, count);
                break;
            default:
                for (int row = 0; row < rows; row++, from += rowBytes, to += stride) Stored(tensor, from, to, count);
                break;
        }
    }

    /// <summary>Values that lie side by side in a tensor, whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Stored(Tensor tensor, byte* from, float* to, int count)
    {
        switch (tensor.DType)
        {
            case DType.F32: Buffer.MemoryCopy(from, to, count * 4L, count * 4L); break;
            case DType.F16: Half((ushort*)from, to, count); break;
            case DType.BF16: BFloat16((ushort*)from, to, count); break;
            case DType.F64: Double(from, to, count); break;
            case var type when type.IsBlock(): BlockFormats.Widen(type, from, to, count / type.Block().Elements); break;
            default: throw CheckpointErrors.NoNumbers(tensor.File, tensor.Name, $"{tensor.DType}");
        }
    }

    /// <summary>Values with others between them: brought side by side, a few at a time.</summary>
    static void Gathered(Tensor tensor, long row, int start, Span<float> destination)
    {
        const int Most = 256;
        int size = tensor.DType.Block().Bytes;
        byte* elements = stackalloc byte[Most * sizeof(double)];
        for (int i = 0; i < destination.Length; i += Most)
        {
            int count = Math.Min(Most, destination.Length - i);
            tensor.CopyRow(row, start + i, new Span<byte>(elements, count * size));
            fixed (float* to = destination.Slice(i, count)) Stored(tensor, elements, to, count);
        }
    }

    /// <summary>How many values of an F64 tensor are not exactly a float32 and are rounded; 0 for other types.</summary>
    public static long Rounded(Tensor tensor)
    {
        if (tensor.DType != DType.F64) return 0;
        long rounded = 0;
        for (long row = 0; row < tensor.Rows; row++)
        {
            byte* from = tensor.RowStart(row);
            for (long i = 0; i < tensor.Columns; i++)
            {
                double value = Unsafe.ReadUnaligned<double>(from + i * tensor.ColumnStride * 8);
                if ((float)value != value && !double.IsNaN(value)) rounded++;
            }
        }
        return rounded;
    }

    /// <summary>The upper half of a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void BFloat16(ushort* from, float* to, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            if (Sse.IsSupported) Sse.Prefetch0(to + i + LinesAhead);
            (Widened((short*)from + i) << 16).AsSingle().Store(to + i);
        }
        for (; i < count; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Half(ushort* from, float* to, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            if (Sse.IsSupported) Sse.Prefetch0(to + i + LinesAhead);
            HalfLanes(Widened((short*)from + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = HalfBits(from[i]);
    }

    /// <summary>Sixteen numbers of 16 bits, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<int> Widened(short* from)
    {
        var narrow = Vector256.Load(from);
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Int32(narrow);
        var (low, high) = Vector256.Widen(narrow);
        return Vector512.Create(low, high);
    }

    /// <summary>Sixteen binary16, sign-extended: exponent and fraction moved into place and rescaled by 2¹¹², which is exact; then infinity and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> HalfLanes(Vector512<int> h)
    {
        var moved = ((h << 13) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector512.Create(5.192296858534828e33f);
        var special = Vector512.GreaterThanOrEqual(Vector512.Abs(moved), Vector512.Create(65536f)).AsInt32();
        return (moved.AsInt32() | (special & Vector512.Create(0x7F800000))).AsSingle();
    }

    /// <summary>One binary16 by the same steps.</summary>
    internal static float HalfBits(ushort h)
    {
        float moved = BitConverter.Int32BitsToSingle(((short)h << 13) & unchecked((int)0x8FFFE000)) * 5.192296858534828e33f;
        return MathF.Abs(moved) >= 65536f ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(moved) | 0x7F800000) : moved;
    }

    static void Double(byte* from, float* to, int count)
    {
        for (int i = 0; i < count; i++) to[i] = (float)Unsafe.ReadUnaligned<double>(from + i * 8L);
    }
}
