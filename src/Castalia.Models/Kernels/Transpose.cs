using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Castalia.Kernels;

/// <summary>Turns rows into columns: copies only, so every path gives the same bits.</summary>
static unsafe class Transpose
{
    const int Line = 16; // values of a cache line

    /// <summary>The definition: to[c, r] = from[r, c].</summary>
    internal static void Define(float* from, long fromStride, int rows, int columns, float* to, long toStride)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) to[c * toStride + r] = from[r * fromStride + c];
    }

    /// <summary>The same by squares of 16 × 16 where the machine has such vectors, of 4 × 4 elsewhere.</summary>
    /// <param name="from">[rows × columns].</param>
    /// <param name="fromStride">Values from one row to the next.</param>
    /// <param name="rows">Rows read.</param>
    /// <param name="columns">Columns read.</param>
    /// <param name="to">[columns × rows], written.</param>
    /// <param name="toStride">Values from one column to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, long fromStride, int rows, int columns, float* to, long toStride)
    {
        int large = Avx512F.IsSupported ? Line : int.MaxValue, wholeRows = rows - rows % Line, wholeColumns = columns - columns % Line;
        if (rows >= large && columns >= large)
        {
            for (int c = 0; c < wholeColumns; c += Line)
                for (int r = 0; r < wholeRows; r += Line)
                    LargeSquare(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
            Small(from + wholeRows * fromStride, fromStride, rows - wholeRows, columns, to + wholeRows, toStride);
            Small(from + wholeColumns, fromStride, wholeRows, columns - wholeColumns, to + wholeColumns * toStride, toStride);
        }
        else
        {
            Small(from, fromStride, rows, columns, to, toStride);
        }
    }

    /// <summary>By squares of 4 × 4, a cache line of every row at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Small(float* from, long fromStride, int rows, int columns, float* to, long toStride)
    {
        int wholeRows = Vector128.IsHardwareAccelerated ? rows & ~3 : 0, wholeColumns = columns & ~3;
        for (int line = 0; line < wholeColumns; line += Line)
        {
            int end = Math.Min(line + Line, wholeColumns);
            for (int r = 0; r < wholeRows; r += 4)
                for (int c = line; c < end; c += 4)
                    Square(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
        }
        if (wholeRows < rows)
            Define(from + wholeRows * fromStride, fromStride, rows - wholeRows, columns, to + wholeRows, toStride);
        if (wholeColumns < columns)
            Define(from + wholeColumns, fromStride, wholeRows, columns - wholeColumns, to + wholeColumns * toStride, toStride);
    }

    /// <summary>16 × 16: the squares of 4 × 4 within lanes of four, then the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void LargeSquare(float* from, long fromStride, float* to, long toStride)
    {
        Quarter(from, fromStride, out var a0, out var a1, out var a2, out var a3);
        Quarter(from + 4 * fromStride, fromStride, out var b0, out var b1, out var b2, out var b3);
        Quarter(from + 8 * fromStride, fromStride, out var c0, out var c1, out var c2, out var c3);
        Quarter(from + 12 * fromStride, fromStride, out var d0, out var d1, out var d2, out var d3);
        Lanes(a0, b0, c0, d0, to, toStride);
        Lanes(a1, b1, c1, d1, to + toStride, toStride);
        Lanes(a2, b2, c2, d2, to + 2 * toStride, toStride);
        Lanes(a3, b3, c3, d3, to + 3 * toStride, toStride);
    }

    /// <summary>Four rows: lane l of vector i holds column 4l + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quarter(
        float* from, long stride, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2, out Vector512<float> x3)
    {
        Vector512<float> a = Vector512.Load(from), b = Vector512.Load(from + stride), c = Vector512.Load(from + 2 * stride), d = Vector512.Load(from + 3 * stride);
        Vector512<float> acLow = Avx512F.UnpackLow(a, c), bdLow = Avx512F.UnpackLow(b, d);
        Vector512<float> acHigh = Avx512F.UnpackHigh(a, c), bdHigh = Avx512F.UnpackHigh(b, d);
        x0 = Avx512F.UnpackLow(acLow, bdLow);
        x1 = Avx512F.UnpackHigh(acLow, bdLow);
        x2 = Avx512F.UnpackLow(acHigh, bdHigh);
        x3 = Avx512F.UnpackHigh(acHigh, bdHigh);
    }

    /// <summary>Columns i, 4 + i, 8 + i and 12 + i of all sixteen rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Lanes(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, long stride)
    {
        Vector512<float> abEven = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), abOdd = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
        Vector512<float> cdEven = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00), cdOdd = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
        Avx512F.Shuffle4x128(abEven, cdEven, 0b10_00_10_00).Store(to);
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0b10_00_10_00).Store(to + 4 * stride);
        Avx512F.Shuffle4x128(abEven, cdEven, 0b11_01_11_01).Store(to + 8 * stride);
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0b11_01_11_01).Store(to + 12 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Square(float* from, long fromStride, float* to, long toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride),
            c = Vector128.Load(from + 2 * fromStride), d = Vector128.Load(from + 3 * fromStride);
        Vector128<float> acLow = Low(a, c), bdLow = Low(b, d), acHigh = High(a, c), bdHigh = High(b, d);
        Low(acLow, bdLow).Store(to);
        High(acLow, bdLow).Store(to + toStride);
        Low(acHigh, bdHigh).Store(to + 2 * toStride);
        High(acHigh, bdHigh).Store(to + 3 * toStride);
    }

    /// <summary>x₀ y₀ x₁ y₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Low(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    /// <summary>x₂ y₂ x₃ y₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> High(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);
}
