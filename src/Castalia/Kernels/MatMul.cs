using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Castalia.Kernels;

/// <summary>The rows of a weight matrix, wherever they are stored and in whatever type.</summary>
interface IWeightRows
{
    /// <summary>Output features.</summary>
    int Rows { get; }

    /// <summary>Input features.</summary>
    int Columns { get; }

    /// <summary>Writes columns <paramref name="start"/> … of one row as float32.</summary>
    void Widen(int row, int start, Span<float> destination);

    /// <summary>Writes columns <paramref name="start"/> … of some consecutive rows, each <paramref name="stride"/> values after the one before.</summary>
    unsafe void Tile(int firstRow, int rows, int start, int count, float* to, int stride)
    {
        for (int row = 0; row < rows; row++) Widen(firstRow + row, start, new Span<float>(to + (long)row * stride, count));
    }

    /// <summary>Asks for what <see cref="Tile"/> will read to be brought nearer; may do nothing.</summary>
    void Prefetch(int firstRow, int rows, int start, int count)
    {
    }

    /// <summary>Where <see cref="Tile"/> will read, for rows that follow one another in memory: so many places by so many columns.</summary>
    MatMul.Ahead Ahead(int firstRow, int rows, int start, int count) => default;
}

/// <summary>y[t, n] = Σ_k x[t, k]·w[n, k] + bias[n], float32: the linear layer.</summary>
/// <remarks>
/// One output is one chain: within each run of <see cref="Run"/> consecutive k a sum from 0 by fused multiply-adds in
/// ascending k, the runs' sums added in ascending order, the bias last. Nothing else enters, so the bits depend neither on
/// vector width, nor on threads, nor on which other rows of x or w are computed with it. Tokens lie across the vector lanes.
/// Error, to first order in u = 2⁻²⁴: (Run + K/Run + 1)·u·Σ|x·w|, typically its square root.
/// </remarks>
static unsafe class MatMul
{
    /// <summary>Length of one run of k.</summary>
    public const int Run = 256;

    /// <summary>Rows of w one call of the inner kernel takes.</summary>
    public const int RowGroup = 12;

    /// <summary>What is prefetched while a run is multiplied: a place for every column.</summary>
    /// <param name="At">The first.</param>
    /// <param name="Step">Bytes from one to the next.</param>
    /// <param name="InRow">Places before a skip; 0 for none.</param>
    /// <param name="Skip">Bytes skipped after those.</param>
    public readonly record struct Ahead(nint At, int Step, int InRow = 0, long Skip = 0)
    {
        /// <summary>The same from where it stands after some columns.</summary>
        public Ahead After(int columns) => this with { At = At + columns * Step + (InRow > 0 ? columns / InRow * (nint)Skip : 0) };
    }

    /// <summary>The definition of the contract, for one output.</summary>
    internal static float Reference(ReadOnlySpan<float> x, ReadOnlySpan<float> w, float? bias)
    {
        float total = 0;
        for (int start = 0; start < x.Length; start += Run)
        {
            float sum = 0;
            for (int k = start; k < Math.Min(start + Run, x.Length); k++) sum = MathF.FusedMultiplyAdd(x[k], w[k], sum);
            total += sum;
        }
        return bias is { } b ? total + b : total;
    }

    /// <summary>Adds to c the products of one run: some rows of w with one panel of x.</summary>
    /// <param name="x">Panel, [k × width].</param>
    /// <param name="w">Rows, [rows × Run].</param>
    /// <param name="rows">A multiple of <see cref="RowGroup"/>.</param>
    /// <param name="count">Columns in this run.</param>
    /// <param name="c">[rows × width].</param>
    /// <param name="width">Tokens in the panel: 32 or 16.</param>
    /// <param name="first">This is the first run: c is set, not added to.</param>
    /// <param name="ahead">What to prefetch on the way.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(float* x, float* w, int rows, int count, float* c, int width, bool first, Ahead ahead)
    {
        for (int row = 0; row < rows; row += RowGroup, w += RowGroup * Run, c += RowGroup * width)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                if (width == 32)
                {
                    Wide512(x, w, count, c, first, ahead);
                    ahead = ahead.After(count);
                }
                else if (row + 2 * RowGroup <= rows)
                {
                    Narrow512(x, w, count, c, first, ahead);
                    row += RowGroup;
                    w += RowGroup * Run;
                    c += RowGroup * width;
                }
                else
                {
                    Last512(x, w, count, c, first);
                }
            }
            else if (Vector256.IsHardwareAccelerated || Vector128.IsHardwareAccelerated)
            {
                for (int half = 0; half < RowGroup; half += RowGroup / 2)
                    for (int t = 0; t < width; t += 16)
                        if (Vector256.IsHardwareAccelerated) Wide256(x + t, w + half * Run, count, c + half * width + t, width, first);
                        else Wide128(x + t, w + half * Run, count, c + half * width + t, width, first);
            }
            else
            {
                Scalar(x, w, RowGroup, count, c, width, first);
            }
        }
    }

    internal static void Scalar(float* x, float* w, int rows, int count, float* c, int width, bool first)
    {
        for (int row = 0; row < rows; row++)
            for (int t = 0; t < width; t++)
            {
                float sum = 0;
                for (int k = 0; k < count; k++) sum = MathF.FusedMultiplyAdd(x[k * width + t], w[row * Run + k], sum);
                c[row * width + t] = first ? sum : c[row * width + t] + sum;
            }
    }

    /// <summary>6 rows × 16 tokens: 24 running sums, 4 vectors of x and 1 of w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide128(float* x, float* w, int count, float* c, int width, bool first)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector128<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector128<float> d0 = default, d1 = default, d2 = default, d3 = default;
        Vector128<float> e0 = default, e1 = default, e2 = default, e3 = default;
        Vector128<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (int k = 0; k < count; k++, x += width, w++)
        {
            var x0 = Vector128.Load(x);
            var x1 = Vector128.Load(x + 4);
            var x2 = Vector128.Load(x + 8);
            var x3 = Vector128.Load(x + 12);
            var v = Vector128.Create(w[0]);
            a0 = Vector128.FusedMultiplyAdd(x0, v, a0);
            a1 = Vector128.FusedMultiplyAdd(x1, v, a1);
            a2 = Vector128.FusedMultiplyAdd(x2, v, a2);
            a3 = Vector128.FusedMultiplyAdd(x3, v, a3);
            v = Vector128.Create(w[Run]);
            b0 = Vector128.FusedMultiplyAdd(x0, v, b0);
            b1 = Vector128.FusedMultiplyAdd(x1, v, b1);
            b2 = Vector128.FusedMultiplyAdd(x2, v, b2);
            b3 = Vector128.FusedMultiplyAdd(x3, v, b3);
            v = Vector128.Create(w[2 * Run]);
            c0 = Vector128.FusedMultiplyAdd(x0, v, c0);
            c1 = Vector128.FusedMultiplyAdd(x1, v, c1);
            c2 = Vector128.FusedMultiplyAdd(x2, v, c2);
            c3 = Vector128.FusedMultiplyAdd(x3, v, c3);
            v = Vector128.Create(w[3 * Run]);
            d0 = Vector128.FusedMultiplyAdd(x0, v, d0);
            d1 = Vector128.FusedMultiplyAdd(x1, v, d1);
            d2 = Vector128.FusedMultiplyAdd(x2, v, d2);
            d3 = Vector128.FusedMultiplyAdd(x3, v, d3);
            v = Vector128.Create(w[4 * Run]);
            e0 = Vector128.FusedMultiplyAdd(x0, v, e0);
            e1 = Vector128.FusedMultiplyAdd(x1, v, e1);
            e2 = Vector128.FusedMultiplyAdd(x2, v, e2);
            e3 = Vector128.FusedMultiplyAdd(x3, v, e3);
            v = Vector128.Create(w[5 * Run]);
            f0 = Vector128.FusedMultiplyAdd(x0, v, f0);
            f1 = Vector128.FusedMultiplyAdd(x1, v, f1);
            f2 = Vector128.FusedMultiplyAdd(x2, v, f2);
            f3 = Vector128.FusedMultiplyAdd(x3, v, f3);
        }
        Add(c, a0, first);
        Add(c + 4, a1, first);
        Add(c + 8, a2, first);
        Add(c + 12, a3, first);
        Add(c + width, b0, first);
        Add(c + width + 4, b1, first);
        Add(c + width + 8, b2, first);
        Add(c + width + 12, b3, first);
        Add(c + 2 * width, c0, first);
        Add(c + 2 * width + 4, c1, first);
        Add(c + 2 * width + 8, c2, first);
        Add(c + 2 * width + 12, c3, first);
        Add(c + 3 * width, d0, first);
        Add(c + 3 * width + 4, d1, first);
        Add(c + 3 * width + 8, d2, first);
        Add(c + 3 * width + 12, d3, first);
        Add(c + 4 * width, e0, first);
        Add(c + 4 * width + 4, e1, first);
        Add(c + 4 * width + 8, e2, first);
        Add(c + 4 * width + 12, e3, first);
        Add(c + 5 * width, f0, first);
        Add(c + 5 * width + 4, f1, first);
        Add(c + 5 * width + 8, f2, first);
        Add(c + 5 * width + 12, f3, first);
    }

    /// <summary>6 rows × 16 tokens: 12 running sums, 2 vectors of x and 1 of w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide256(float* x, float* w, int count, float* c, int width, bool first)
    {
        Vector256<float> a0 = default, a1 = default;
        Vector256<float> b0 = default, b1 = default;
        Vector256<float> c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default;
        Vector256<float> e0 = default, e1 = default;
        Vector256<float> f0 = default, f1 = default;
        for (int k = 0; k < count; k++, x += width, w++)
        {
            var x0 = Vector256.Load(x);
            var x1 = Vector256.Load(x + 8);
            var v = Vector256.Create(w[0]);
            a0 = Vector256.FusedMultiplyAdd(x0, v, a0);
            a1 = Vector256.FusedMultiplyAdd(x1, v, a1);
            v = Vector256.Create(w[Run]);
            b0 = Vector256.FusedMultiplyAdd(x0, v, b0);
            b1 = Vector256.FusedMultiplyAdd(x1, v, b1);
            v = Vector256.Create(w[2 * Run]);
            c0 = Vector256.FusedMultiplyAdd(x0, v, c0);
            c1 = Vector256.FusedMultiplyAdd(x1, v, c1);
            v = Vector256.Create(w[3 * Run]);
            d0 = Vector256.FusedMultiplyAdd(x0, v, d0);
            d1 = Vector256.FusedMultiplyAdd(x1, v, d1);
            v = Vector256.Create(w[4 * Run]);
            e0 = Vector256.FusedMultiplyAdd(x0, v, e0);
            e1 = Vector256.FusedMultiplyAdd(x1, v, e1);
            v = Vector256.Create(w[5 * Run]);
            f0 = Vector256.FusedMultiplyAdd(x0, v, f0);
            f1 = Vector256.FusedMultiplyAdd(x1, v, f1);
        }
        Add(c, a0, first);
        Add(c + 8, a1, first);
        Add(c + width, b0, first);
        Add(c + width + 8, b1, first);
        Add(c + 2 * width, c0, first);
        Add(c + 2 * width + 8, c1, first);
        Add(c + 3 * width, d0, first);
        Add(c + 3 * width + 8, d1, first);
        Add(c + 4 * width, e0, first);
        Add(c + 4 * width + 8, e1, first);
        Add(c + 5 * width, f0, first);
        Add(c + 5 * width + 8, f1, first);
    }

    /// <summary>12 rows × 32 tokens: 24 running sums, 2 vectors of x and 1 of w fill 27 of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide512(float* x, float* w, int count, float* c, bool first, Ahead ahead)
    {
        Vector512<float> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default,
            r6a = default, r7a = default, r8a = default, r9a = default, r10a = default, r11a = default;
        Vector512<float> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default,
            r6b = default, r7b = default, r8b = default, r9b = default, r10b = default, r11b = default;
        byte* line = (byte*)ahead.At;
        int step = ahead.Step, inRow = ahead.InRow, left = inRow;
        long skip = ahead.Skip;
        for (int k = 0; k < count; k++, x += 32, w++)
        {
            if (Sse.IsSupported) Sse.Prefetch1(line);
            line += step;
            if (--left == 0)
            {
                line += skip;
                left = inRow;
            }
            var xa = Vector512.Load(x);
            var xb = Vector512.Load(x + 16);
            var v = Vector512.Create(w[0]);
            r0a = Vector512.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector512.FusedMultiplyAdd(xb, v, r0b);
            v = Vector512.Create(w[Run]);
            r1a = Vector512.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector512.FusedMultiplyAdd(xb, v, r1b);
            v = Vector512.Create(w[2 * Run]);
            r2a = Vector512.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector512.FusedMultiplyAdd(xb, v, r2b);
            v = Vector512.Create(w[3 * Run]);
            r3a = Vector512.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector512.FusedMultiplyAdd(xb, v, r3b);
            v = Vector512.Create(w[4 * Run]);
            r4a = Vector512.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector512.FusedMultiplyAdd(xb, v, r4b);
            v = Vector512.Create(w[5 * Run]);
            r5a = Vector512.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector512.FusedMultiplyAdd(xb, v, r5b);
            v = Vector512.Create(w[6 * Run]);
            r6a = Vector512.FusedMultiplyAdd(xa, v, r6a);
            r6b = Vector512.FusedMultiplyAdd(xb, v, r6b);
            v = Vector512.Create(w[7 * Run]);
            r7a = Vector512.FusedMultiplyAdd(xa, v, r7a);
            r7b = Vector512.FusedMultiplyAdd(xb, v, r7b);
            v = Vector512.Create(w[8 * Run]);
            r8a = Vector512.FusedMultiplyAdd(xa, v, r8a);
            r8b = Vector512.FusedMultiplyAdd(xb, v, r8b);
            v = Vector512.Create(w[9 * Run]);
            r9a = Vector512.FusedMultiplyAdd(xa, v, r9a);
            r9b = Vector512.FusedMultiplyAdd(xb, v, r9b);
            v = Vector512.Create(w[10 * Run]);
            r10a = Vector512.FusedMultiplyAdd(xa, v, r10a);
            r10b = Vector512.FusedMultiplyAdd(xb, v, r10b);
            v = Vector512.Create(w[11 * Run]);
            r11a = Vector512.FusedMultiplyAdd(xa, v, r11a);
            r11b = Vector512.FusedMultiplyAdd(xb, v, r11b);
        }
        Add(c, r0a, first);
        Add(c + 16, r0b, first);
        Add(c + 32, r1a, first);
        Add(c + 48, r1b, first);
        Add(c + 64, r2a, first);
        Add(c + 80, r2b, first);
        Add(c + 96, r3a, first);
        Add(c + 112, r3b, first);
        Add(c + 128, r4a, first);
        Add(c + 144, r4b, first);
        Add(c + 160, r5a, first);
        Add(c + 176, r5b, first);
        Add(c + 192, r6a, first);
        Add(c + 208, r6b, first);
        Add(c + 224, r7a, first);
        Add(c + 240, r7b, first);
        Add(c + 256, r8a, first);
        Add(c + 272, r8b, first);
        Add(c + 288, r9a, first);
        Add(c + 304, r9b, first);
        Add(c + 320, r10a, first);
        Add(c + 336, r10b, first);
        Add(c + 352, r11a, first);
        Add(c + 368, r11b, first);
    }

    /// <summary>24 rows × 16 tokens, for short prompts and a short last panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Narrow512(float* x, float* w, int count, float* c, bool first, Ahead ahead)
    {
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        Vector512<float> r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        Vector512<float> r12 = default, r13 = default, r14 = default, r15 = default, r16 = default, r17 = default;
        Vector512<float> r18 = default, r19 = default, r20 = default, r21 = default, r22 = default, r23 = default;
        byte* line = (byte*)ahead.At;
        int step = ahead.Step, inRow = ahead.InRow, left = inRow;
        long skip = ahead.Skip;
        for (int k = 0; k < count; k++, x += 16, w++)
        {
            if (Sse.IsSupported) Sse.Prefetch1(line);
            line += step;
            if (--left == 0)
            {
                line += skip;
                left = inRow;
            }
            var v = Vector512.Load(x);
            r0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[0]), r0);
            r1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[Run]), r1);
            r2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[2 * Run]), r2);
            r3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[3 * Run]), r3);
            r4 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[4 * Run]), r4);
            r5 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[5 * Run]), r5);
            r6 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[6 * Run]), r6);
            r7 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[7 * Run]), r7);
            r8 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[8 * Run]), r8);
            r9 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[9 * Run]), r9);
            r10 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[10 * Run]), r10);
            r11 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[11 * Run]), r11);
            r12 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[12 * Run]), r12);
            r13 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[13 * Run]), r13);
            r14 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[14 * Run]), r14);
            r15 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[15 * Run]), r15);
            r16 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[16 * Run]), r16);
            r17 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[17 * Run]), r17);
            r18 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[18 * Run]), r18);
            r19 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[19 * Run]), r19);
            r20 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[20 * Run]), r20);
            r21 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[21 * Run]), r21);
            r22 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[22 * Run]), r22);
            r23 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[23 * Run]), r23);
        }
        Add(c, r0, first);
        Add(c + 16, r1, first);
        Add(c + 32, r2, first);
        Add(c + 48, r3, first);
        Add(c + 64, r4, first);
        Add(c + 80, r5, first);
        Add(c + 96, r6, first);
        Add(c + 112, r7, first);
        Add(c + 128, r8, first);
        Add(c + 144, r9, first);
        Add(c + 160, r10, first);
        Add(c + 176, r11, first);
        Add(c + 192, r12, first);
        Add(c + 208, r13, first);
        Add(c + 224, r14, first);
        Add(c + 240, r15, first);
        Add(c + 256, r16, first);
        Add(c + 272, r17, first);
        Add(c + 288, r18, first);
        Add(c + 304, r19, first);
        Add(c + 320, r20, first);
        Add(c + 336, r21, first);
        Add(c + 352, r22, first);
        Add(c + 368, r23, first);
    }

    /// <summary>12 rows × 16 tokens, for what is left of those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Last512(float* x, float* w, int count, float* c, bool first)
    {
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        Vector512<float> r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        for (int k = 0; k < count; k++, x += 16, w++)
        {
            var v = Vector512.Load(x);
            r0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[0]), r0);
            r1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[Run]), r1);
            r2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[2 * Run]), r2);
            r3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[3 * Run]), r3);
            r4 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[4 * Run]), r4);
            r5 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[5 * Run]), r5);
            r6 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[6 * Run]), r6);
            r7 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[7 * Run]), r7);
            r8 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[8 * Run]), r8);
            r9 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[9 * Run]), r9);
            r10 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[10 * Run]), r10);
            r11 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[11 * Run]), r11);
        }
        Add(c, r0, first);
        Add(c + 16, r1, first);
        Add(c + 32, r2, first);
        Add(c + 48, r3, first);
        Add(c + 64, r4, first);
        Add(c + 80, r5, first);
        Add(c + 96, r6, first);
        Add(c + 112, r7, first);
        Add(c + 128, r8, first);
        Add(c + 144, r9, first);
        Add(c + 160, r10, first);
        Add(c + 176, r11, first);
    }

    /// <summary>c[row, token] += bias[row].</summary>
    /// <param name="c">[bias.Length × width].</param>
    /// <param name="width">Tokens in the panel: 32 or 16.</param>
    /// <param name="bias">One for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddBias(float* c, int width, ReadOnlySpan<float> bias)
    {
        foreach (float value in bias)
            for (int t = 0; t < width; t += 16, c += 16) (Vector512.Load(c) + Vector512.Create(value)).Store(c);
    }

    static void Add(float* c, Vector512<float> sum, bool first) => (first ? sum : Vector512.Load(c) + sum).Store(c);

    static void Add(float* c, Vector256<float> sum, bool first) => (first ? sum : Vector256.Load(c) + sum).Store(c);

    static void Add(float* c, Vector128<float> sum, bool first) => (first ? sum : Vector128.Load(c) + sum).Store(c);
}
