using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>c[n, lane] += Σ_k x[k, lane]·w[n, k] in float64: a tile of a matrix with sixteen vectors that lie across the lanes.</summary>
/// <remarks>
/// One value is one chain: within each run of <see cref="Run"/> consecutive k a sum from 0 by fused multiply-adds in ascending k, the runs' sums
/// added in ascending order. Nothing else enters, so its bits depend neither on vector width, nor on threads, nor on which other rows or vectors are
/// computed with it. Error, to first order in u = 2⁻⁵³: (Run + K/Run)·u·Σ|x·w|. The transposed product, x[k] += Σ_n c[n]·w[n, k], takes the same tiles.
/// </remarks>
static unsafe class WideMatMul
{
    /// <summary>Vectors that are taken together.</summary>
    public const int Lanes = 16;

    /// <summary>Length of one run of k: of x and of one group of rows it fills the first-level cache.</summary>
    public const int Run = 128;

    /// <summary>Columns of a tile of w: from one of its rows to the next.</summary>
    public const int Tile = 256;

    /// <summary>Rows one call of the inner kernel takes.</summary>
    public const int RowGroup = 12;

    /// <summary>The definition of the contract, for one value.</summary>
    internal static double Reference(ReadOnlySpan<double> x, ReadOnlySpan<double> w)
    {
        double total = 0;
        for (int start = 0; start < x.Length; start += Run)
        {
            double sum = 0;
            for (int k = start; k < Math.Min(start + Run, x.Length); k++) sum = Math.FusedMultiplyAdd(x[k], w[k], sum);
            total += sum;
        }
        return total;
    }

    /// <summary>Adds the products of one run.</summary>
    /// <param name="x">[count × Lanes].</param>
    /// <param name="w">[rows × Tile], count of each.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="count">Columns, at most <see cref="Run"/>.</param>
    /// <param name="c">[rows × Lanes].</param>
    /// <param name="first">This is the first run: c is set to 0 + the run's sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(double* x, double* w, int rows, int count, double* c, bool first)
    {
        int row = 0;
        for (; row <= rows - RowGroup; row += RowGroup, w += RowGroup * Tile, c += RowGroup * Lanes)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Wide512(x, w, count, c, first);
                continue;
            }
            for (int half = 0; half < RowGroup; half += RowGroup / 2)
                for (int lane = 0; lane < Lanes; lane += 8) Wide256(x + lane, w + half * Tile, count, c + half * Lanes + lane, first);
        }
        for (; row < rows; row++, w += Tile, c += Lanes) One(x, w, count, c, first);
    }

    /// <summary>12 rows × 16 lanes: 24 running sums, 2 vectors of x and 1 of w fill 27 of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide512(double* x, double* w, int count, double* c, bool first)
    {
        Vector512<double> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default,
            r6a = default, r7a = default, r8a = default, r9a = default, r10a = default, r11a = default;
        Vector512<double> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default,
            r6b = default, r7b = default, r8b = default, r9b = default, r10b = default, r11b = default;
        for (int k = 0; k < count; k++, x += Lanes, w++)
        {
            var xa = Vector512.Load(x);
            var xb = Vector512.Load(x + 8);
            var v = Vector512.Create(w[0]);
            r0a = Vector512.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector512.FusedMultiplyAdd(xb, v, r0b);
            v = Vector512.Create(w[Tile]);
            r1a = Vector512.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector512.FusedMultiplyAdd(xb, v, r1b);
            v = Vector512.Create(w[2 * Tile]);
            r2a = Vector512.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector512.FusedMultiplyAdd(xb, v, r2b);
            v = Vector512.Create(w[3 * Tile]);
            r3a = Vector512.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector512.FusedMultiplyAdd(xb, v, r3b);
            v = Vector512.Create(w[4 * Tile]);
            r4a = Vector512.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector512.FusedMultiplyAdd(xb, v, r4b);
            v = Vector512.Create(w[5 * Tile]);
            r5a = Vector512.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector512.FusedMultiplyAdd(xb, v, r5b);
            v = Vector512.Create(w[6 * Tile]);
            r6a = Vector512.FusedMultiplyAdd(xa, v, r6a);
            r6b = Vector512.FusedMultiplyAdd(xb, v, r6b);
            v = Vector512.Create(w[7 * Tile]);
            r7a = Vector512.FusedMultiplyAdd(xa, v, r7a);
            r7b = Vector512.FusedMultiplyAdd(xb, v, r7b);
            v = Vector512.Create(w[8 * Tile]);
            r8a = Vector512.FusedMultiplyAdd(xa, v, r8a);
            r8b = Vector512.FusedMultiplyAdd(xb, v, r8b);
            v = Vector512.Create(w[9 * Tile]);
            r9a = Vector512.FusedMultiplyAdd(xa, v, r9a);
            r9b = Vector512.FusedMultiplyAdd(xb, v, r9b);
            v = Vector512.Create(w[10 * Tile]);
            r10a = Vector512.FusedMultiplyAdd(xa, v, r10a);
            r10b = Vector512.FusedMultiplyAdd(xb, v, r10b);
            v = Vector512.Create(w[11 * Tile]);
            r11a = Vector512.FusedMultiplyAdd(xa, v, r11a);
            r11b = Vector512.FusedMultiplyAdd(xb, v, r11b);
        }
        Add(c, r0a, first);
        Add(c + 8, r0b, first);
        Add(c + 16, r1a, first);
        Add(c + 24, r1b, first);
        Add(c + 32, r2a, first);
        Add(c + 40, r2b, first);
        Add(c + 48, r3a, first);
        Add(c + 56, r3b, first);
        Add(c + 64, r4a, first);
        Add(c + 72, r4b, first);
        Add(c + 80, r5a, first);
        Add(c + 88, r5b, first);
        Add(c + 96, r6a, first);
        Add(c + 104, r6b, first);
        Add(c + 112, r7a, first);
        Add(c + 120, r7b, first);
        Add(c + 128, r8a, first);
        Add(c + 136, r8b, first);
        Add(c + 144, r9a, first);
        Add(c + 152, r9b, first);
        Add(c + 160, r10a, first);
        Add(c + 168, r10b, first);
        Add(c + 176, r11a, first);
        Add(c + 184, r11b, first);
    }

    /// <summary>6 rows × 8 lanes: 12 running sums, 2 vectors of x and 1 of w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide256(double* x, double* w, int count, double* c, bool first)
    {
        Vector256<double> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default;
        Vector256<double> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default;
        for (int k = 0; k < count; k++, x += Lanes, w++)
        {
            var xa = Vector256.Load(x);
            var xb = Vector256.Load(x + 4);
            var v = Vector256.Create(w[0]);
            r0a = Vector256.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector256.FusedMultiplyAdd(xb, v, r0b);
            v = Vector256.Create(w[Tile]);
            r1a = Vector256.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector256.FusedMultiplyAdd(xb, v, r1b);
            v = Vector256.Create(w[2 * Tile]);
            r2a = Vector256.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector256.FusedMultiplyAdd(xb, v, r2b);
            v = Vector256.Create(w[3 * Tile]);
            r3a = Vector256.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector256.FusedMultiplyAdd(xb, v, r3b);
            v = Vector256.Create(w[4 * Tile]);
            r4a = Vector256.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector256.FusedMultiplyAdd(xb, v, r4b);
            v = Vector256.Create(w[5 * Tile]);
            r5a = Vector256.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector256.FusedMultiplyAdd(xb, v, r5b);
        }
        Add(c, r0a, first);
        Add(c + 4, r0b, first);
        Add(c + 16, r1a, first);
        Add(c + 20, r1b, first);
        Add(c + 32, r2a, first);
        Add(c + 36, r2b, first);
        Add(c + 48, r3a, first);
        Add(c + 52, r3b, first);
        Add(c + 64, r4a, first);
        Add(c + 68, r4b, first);
        Add(c + 80, r5a, first);
        Add(c + 84, r5b, first);
    }

    /// <summary>1 row × 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void One(double* x, double* w, int count, double* c, bool first)
    {
        Vector512<double> a = default, b = default;
        for (int k = 0; k < count; k++, x += Lanes)
        {
            var v = Vector512.Create(w[k]);
            a = Vector512.FusedMultiplyAdd(Vector512.Load(x), v, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(x + 8), v, b);
        }
        Add(c, a, first);
        Add(c + 8, b, first);
    }

    static void Add(double* c, Vector512<double> sum, bool first) => ((first ? default : Vector512.Load(c)) + sum).Store(c);

    static void Add(double* c, Vector256<double> sum, bool first) => ((first ? default : Vector256.Load(c)) + sum).Store(c);
}
