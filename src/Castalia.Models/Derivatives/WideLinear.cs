using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Linear layers over float64 vectors, the stored weights widened tile by tile; split over threads by output rows.</summary>
/// <remarks>A tile is widened once for all vectors; the sums of a piece and its tile stay in the second-level cache while x passes through the first.</remarks>
sealed unsafe class WideLinear : IDisposable
{
    const int MostRows = 8 * WideMatMul.RowGroup, PiecesPerThread = 4;

    readonly Crew _crew;
    readonly FloatBuffer[] _narrow;
    readonly nint[] _wide;

    public WideLinear(Crew crew)
    {
        _crew = crew;
        _narrow = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer().Resize(MostRows * WideMatMul.Tile))];
        _wide = [.. Enumerable.Range(0, crew.Threads).Select(_ => (nint)NativeMemory.AlignedAlloc(MostRows * WideMatMul.Tile * sizeof(double), 64))];
    }

    /// <summary>Bytes of scratch.</summary>
    public static long Bytes(int threads) => (long)threads * MostRows * WideMatMul.Tile * (sizeof(float) + sizeof(double));

    /// <summary>y[t, n] = Σ_k x[t, k]·w[n, k], and + bias[n] where asked for and there is one.</summary>
    /// <param name="x">Vectors of width w.Columns.</param>
    /// <param name="linear">The weights.</param>
    /// <param name="y">Written.</param>
    /// <param name="withBias">Points have the bias, tangents do not.</param>
    public void Run(WideRows x, LinearWeights linear, WideRows y, bool withBias)
    {
        var w = linear.Weight;
        if (x.Width != w.Columns) throw new ArgumentException($"Vectors of width {x.Width} for a matrix of {w.Columns} columns.", nameof(x));
        y.Resize(x.Rows, w.Rows);
        int even = (w.Rows / (PiecesPerThread * _crew.Threads) + WideMatMul.RowGroup - 1) / WideMatMul.RowGroup * WideMatMul.RowGroup;
        int rows = Math.Clamp(even, WideMatMul.RowGroup, MostRows);
        _crew.Run((w.Rows + rows - 1) / rows, (piece, worker) =>
        {
            int first = piece * rows, count = Math.Min(rows, w.Rows - first);
            Multiply(x, w, first, count, y, _narrow[worker].Data, (double*)_wide[worker]);
            if (withBias && linear.Bias is { } bias) AddBias(y, first, bias.AsSpan(first, count));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Multiply(WideRows x, IWeightRows w, int first, int rows, WideRows y, float* narrow, double* wide)
    {
        for (int start = 0; start < w.Columns; start += WideMatMul.Tile)
        {
            int columns = Math.Min(WideMatMul.Tile, w.Columns - start);
            w.Tile(first, rows, start, columns, narrow, WideMatMul.Tile);
            for (int row = 0; row < rows; row++) Widen(narrow + row * WideMatMul.Tile, wide + row * WideMatMul.Tile, columns);
            for (int run = 0; run < columns; run += WideMatMul.Run)
            {
                int count = Math.Min(WideMatMul.Run, columns - run);
                for (int panel = 0; panel < x.Panels; panel++)
                    WideMatMul.Accumulate(
                        x.Panel(panel) + (long)(start + run) * WideMatMul.Lanes, wide + run, rows, count, y.Panel(panel) + (long)first * WideMatMul.Lanes, start + run == 0);
            }
        }
    }

    static void Widen(float* from, double* to, int count)
    {
        const int lanes = 8;
        int k = 0;
        for (; k <= count - lanes; k += lanes) DoubleSum.Widen(ref *(from + k), 0).Store(to + k);
        for (; k < count; k++) to[k] = from[k];
    }

    static void AddBias(WideRows y, int first, ReadOnlySpan<float> bias)
    {
        for (int panel = 0; panel < y.Panels; panel++)
        {
            double* to = y.Panel(panel) + (long)first * WideMatMul.Lanes;
            foreach (float value in bias)
                for (int lane = 0; lane < WideMatMul.Lanes; lane++) *to++ += value;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _narrow) buffer.Dispose();
        foreach (nint tile in _wide) NativeMemory.AlignedFree((void*)tile);
    }
}
