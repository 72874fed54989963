using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Says that the calling thread will read all columns of some consecutive rows by <see cref="Tile"/>, a few rows at a time.</summary>
    void Expect(int firstRow, int rows)
    {
    }

    /// <summary>Whether what <see cref="Tile"/> reads may be far away, and <see cref="Ahead"/> tells where.</summary>
    bool IsFar => false;

    /// <summary>Where <see cref="Tile"/> will read: one part of it, in so many places.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="start">The first column.</param>
    /// <param name="count">How many.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="places">Places in the part.</param>
    /// <returns>No place where the part is empty, or nothing is far.</returns>
    MatMul.Ahead Ahead(int firstRow, int rows, int start, int count, int part, int parts, int places) => default;
}

/// <summary>y[t, n] = Σ_k x[t, k]·w[n, k] + bias[n], float32: the linear layer.</summary>
/// <remarks>
/// One output is one chain: within each run of <see cref="Run"/> consecutive k a sum from 0 by fused multiply-adds in
/// ascending k, the runs' sums added in ascending order, the bias last. Nothing else enters, so the bits depend neither on
/// vector width, nor on threads, nor on which other rows of x or w are computed with it. Tokens lie across the vector lanes.
/// Error, to first order in u = 2⁻²⁴: (Run + K/Run + 1)·u·Σ|x·w|, typically its square root.
/// </remarks>
static unsafe partial class MatMul
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

        /// <summary>These places, or always the same one where there are none.</summary>
        public Ahead Or(float* place) => At == 0 ? new((nint)place, 0) : this;
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
