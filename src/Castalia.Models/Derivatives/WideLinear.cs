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
    readonly WideRows _parts = new(), _sums = new();

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

    /// <summary>What the layer answers to some axes of what the norm before it reads: y[t, n] = Σ_k w[n, k]·N[k, first + t], N the norm's derivative, 1 without a norm.</summary>
    /// <remarks>N is a diagonal less two products of rank one: of every row of w two sums and a scaling are left, no product of matrices.</remarks>
    /// <param name="norm">The norm at its point; null for none.</param>
    /// <param name="linear">The weights.</param>
    /// <param name="first">The first axis.</param>
    /// <param name="count">How many; y has a vector for each.</param>
    /// <param name="y">Written; vectors that fill its last panel are those of no axis.</param>
    public void RunAxes(NormSlope? norm, LinearWeights linear, int first, int count, WideRows y)
    {
        var w = linear.Weight;
        y.Resize(count, w.Rows);
        double[] diagonal = [], normalised = [];
        if (norm is not null)
        {
            (diagonal, double[] mean, double[] along, normalised) = norm.Parts();
            _parts.Clear(2, w.Columns).Set(0, mean);
            _parts.Set(1, along);
            Run(_parts, linear, _sums, withBias: false);
        }
        _crew.Run((w.Rows + MostRows - 1) / MostRows, (piece, worker) =>
        {
            int firstRow = piece * MostRows, rows = Math.Min(MostRows, w.Rows - firstRow);
            float* tile = _narrow[worker].Data;
            for (int start = 0; start < count; start += WideMatMul.Tile)
            {
                int columns = Math.Min(WideMatMul.Tile, count - start);
                w.Tile(firstRow, rows, first + start, columns, tile, WideMatMul.Tile);
                for (int at = 0; at < columns; at += WideMatMul.Lanes)
                {
                    int axis = first + start + at, present = Math.Min(WideMatMul.Lanes, columns - at);
                    double* to = y.Panel((start + at) / WideMatMul.Lanes) + (long)firstRow * WideMatMul.Lanes;
                    for (int row = 0; row < rows; row++, to += WideMatMul.Lanes)
                    {
                        Span<double> lanes = new(to, WideMatMul.Lanes);
                        lanes[present..].Clear();
                        if (norm is null) Widen(tile + row * WideMatMul.Tile + at, to, present);
                        else Axes(new(tile + row * WideMatMul.Tile + at, present), diagonal.AsSpan(axis), normalised.AsSpan(axis), _sums.Panel(0) + (long)(firstRow + row) * WideMatMul.Lanes, lanes);
                    }
                }
            }
        });
    }

    /// <summary>y[j] = D_j·w_j − Σ w·Mean − x̂_j·Σ w·Along.</summary>
    static void Axes(ReadOnlySpan<float> w, ReadOnlySpan<double> diagonal, ReadOnlySpan<double> normalised, double* sums, Span<double> y)
    {
        double mean = sums[0], along = sums[1];
        for (int j = 0; j < w.Length; j++) y[j] = diagonal[j] * w[j] - mean - along * normalised[j];
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
        _parts.Dispose();
        _sums.Dispose();
    }
}
