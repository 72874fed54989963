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

    /// <summary>The same by squares of 4 × 4, a cache line of every row at a time.</summary>
    /// <param name="from">[rows × columns].</param>
    /// <param name="fromStride">Values from one row to the next.</param>
    /// <param name="rows">Rows read.</param>
    /// <param name="columns">Columns read.</param>
    /// <param name="to">[columns × rows], written.</param>
    /// <param name="toStride">Values from one column to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, long fromStride, int rows, int columns, float* to, long toStride)
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
