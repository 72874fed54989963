using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Stored values as float32: exact for F32, F16 and BF16; as ggml computes them for its blocks; F64 rounded to nearest.</summary>
/// <remarks>Every vector path returns the bits of the scalar one: conversions are exact or one rounding per operation.</remarks>
public static unsafe class Widen
{
    const int Lanes = 16;
    const int BlockLength = 32;

    /// <summary>Some values of one row of a tensor seen as [rows × last axis].</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="row">Which row; 0 for a vector.</param>
    /// <param name="start">First column; for ggml blocks a multiple of 32.</param>
    /// <param name="destination">Written whole; for ggml blocks a multiple of 32 long.</param>
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
        byte* from = tensor.Data + (row * columns + start) / elements * bytes;
        fixed (float* to = destination)
        {
            switch (tensor.DType)
            {
                case DType.F32: Buffer.MemoryCopy(from, to, destination.Length * 4L, destination.Length * 4L); break;
                case DType.F16: Half((ushort*)from, to, destination.Length); break;
                case DType.BF16: BFloat16((ushort*)from, to, destination.Length); break;
                case DType.F64: Double(from, to, destination.Length); break;
                case DType.Q8_0: Q8(from, to, destination.Length / BlockLength); break;
                case DType.Q4_1: Q4(from, to, destination.Length / BlockLength); break;
                default: throw CheckpointErrors.NoNumbers(tensor.File, tensor.Name, $"{tensor.DType}");
            }
        }
    }

    /// <summary>Some values of a row of an F64 tensor as they are.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="row">Which row; 0 for a vector.</param>
    /// <param name="start">First column.</param>
    /// <param name="destination">Written whole.</param>
    internal static void Row(Tensor tensor, long row, int start, Span<double> destination)
    {
        if (tensor.DType != DType.F64) throw new ArgumentException($"{tensor.DType} is widened to float32.", nameof(tensor));
        if (row < 0 || row >= tensor.Rows || start < 0 || start > tensor.Columns - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(row), $"{destination.Length} columns from {start} of row {row} of [{tensor.Rows} × {tensor.Columns}].");
        new ReadOnlySpan<byte>(tensor.Data + (row * tensor.Columns + start) * sizeof(double), destination.Length * sizeof(double))
            .CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(destination));
    }

    /// <summary>How many values of an F64 tensor are not exactly a float32 and are rounded; 0 for other types.</summary>
    public static long Rounded(Tensor tensor)
    {
        if (tensor.DType != DType.F64) return 0;
        long rounded = 0;
        for (long i = 0; i < tensor.Count; i++)
        {
            double value = Unsafe.ReadUnaligned<double>(tensor.Data + i * 8);
            if ((float)value != value && !double.IsNaN(value)) rounded++;
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
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            (Vector512.Create(low, high) << 16).AsSingle().Store(to + i);
        }
        for (; i < count; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Half(ushort* from, float* to, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var (low, high) = Vector256.Widen(Vector256.Load((short*)from + i));
            HalfLanes(Vector512.Create(low, high)).Store(to + i);
        }
        for (; i < count; i++) to[i] = HalfBits(from[i]);
    }

    /// <summary>Sixteen binary16, sign-extended: exponent and fraction moved into place and rescaled by 2¹¹², which is exact; then infinity and NaN.</summary>
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

    /// <summary>Q8_0: scale·q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Q8(byte* from, float* to, int blocks)
    {
        for (int block = 0; block < blocks; block++, from += 34, to += BlockLength)
        {
            var scale = Vector512.Create(HalfBits(Unsafe.ReadUnaligned<ushort>(from)));
            for (int i = 0; i < BlockLength; i += Lanes) (scale * Signed((sbyte*)from + 2 + i)).Store(to + i);
        }
    }

    /// <summary>Q4_1: scale·q + minimum, product and sum each rounded, as ggml does; low halves of the bytes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Q4(byte* from, float* to, int blocks)
    {
        for (int block = 0; block < blocks; block++, from += 20, to += BlockLength)
        {
            var scale = Vector512.Create(HalfBits(Unsafe.ReadUnaligned<ushort>(from)));
            var minimum = Vector512.Create(HalfBits(Unsafe.ReadUnaligned<ushort>(from + 2)));
            var bytes = Vector128.Load((sbyte*)from + 4);
            var low = (bytes & Vector128.Create((sbyte)0x0F)).AsSByte();
            var high = (bytes.AsByte() >>> 4).AsSByte();
            (scale * Signed(low) + minimum).Store(to);
            (scale * Signed(high) + minimum).Store(to + Lanes);
        }
    }

    static Vector512<float> Signed(sbyte* from) => Signed(Vector128.Load(from));

    static Vector512<float> Signed(Vector128<sbyte> bytes)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()));
        return Vector512.ConvertToSingle(Vector512.Create(low, high));
    }
}
