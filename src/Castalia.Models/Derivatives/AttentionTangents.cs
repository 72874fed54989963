using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Tangents through attention at one position: from attn_in to attn_out as it is added.</summary>
sealed unsafe class AttentionTangents(Architecture architecture, Crew crew, WideLinear linear) : IDisposable
{
    readonly WideRows _q = new(), _k = new(), _v = new(), _z = new();

    int Group => architecture.NHeads / architecture.NKvHeads;

    /// <summary>Bytes of some tangents.</summary>
    public static long Bytes(Architecture a, int tangents) => WideRows.Bytes(tangents, 2L * (a.NHeads + a.NKvHeads) * a.HeadDim) + (long)a.NHeads * a.HeadDim * WideMatMul.Tile * sizeof(double);

    /// <summary>Tangents of attention.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="at">Where.</param>
    /// <param name="dIn">Of attn_in.</param>
    /// <param name="dOut">Of attn_out, written.</param>
    public void Run(BlockWeights weights, BlockPoint at, WideRows dIn, WideRows dOut)
    {
        linear.Run(dIn, weights.Query, _q, withBias: false);
        linear.Run(dIn, weights.Key, _k, withBias: false);
        linear.Run(dIn, weights.Value, _v, withBias: false);
        FromProjected(weights, at, dOut);
    }

    /// <summary>The same of some axes of what attention's norm reads.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="at">Where.</param>
    /// <param name="first">The first axis.</param>
    /// <param name="count">How many.</param>
    /// <param name="dOut">Of attn_out, written.</param>
    public void RunAxes(BlockWeights weights, BlockPoint at, int first, int count, WideRows dOut)
    {
        linear.RunAxes(at.AttnNorm, weights.Query, first, count, _q);
        linear.RunAxes(at.AttnNorm, weights.Key, first, count, _k);
        linear.RunAxes(at.AttnNorm, weights.Value, first, count, _v);
        FromProjected(weights, at, dOut);
    }

    void FromProjected(BlockWeights weights, BlockPoint at, WideRows dOut)
    {
        _z.Resize(_q.Rows, _q.Width);
        double[][] tiles = new double[at.Heads.Length][], turns = [.. at.Heads.Select(head => head.OwnTurn)];
        crew.Run(tiles.Length, (head, _) => tiles[head] = Tiles(at.Heads[head].Matrix(), architecture.HeadDim));
        crew.Run(_q.Panels, (panel, _) =>
        {
            at.Turns.Query.Apply(_q.Panel(panel), _q.Width);
            at.Turns.Key.Apply(_k.Panel(panel), _k.Width);
            at.Turns.Value.Apply(_v.Panel(panel), _v.Width);
            for (int head = 0; head < tiles.Length; head++) Head(at.Heads[head], tiles[head], turns[head], head, panel);
        });
        linear.Run(_z, weights.AttnOut, dOut, withBias: false);
        Added.Run(crew, at.AttnPostNorm, architecture.ResidualScale, dOut);
    }

    /// <summary>dz = M·dq + g·(v − z)⟨q, dk⟩ + p·dv.</summary>
    void Head(HeadPoint head, double[] tiles, double[] turn, int index, int panel)
    {
        const int lanes = WideMatMul.Lanes;
        int headDim = architecture.HeadDim;
        long own = (long)index * headDim * lanes, shared = (long)(index / Group) * headDim * lanes;
        double* dq = _q.Panel(panel) + own, dk = _k.Panel(panel) + shared, dv = _v.Panel(panel) + shared, dz = _z.Panel(panel) + own;
        fixed (double* m = tiles)
            for (int start = 0; start < headDim; start += WideMatMul.Run)
                WideMatMul.Accumulate(
                    dq + start * lanes, m + start / WideMatMul.Tile * headDim * WideMatMul.Tile + start % WideMatMul.Tile, headDim, Math.Min(WideMatMul.Run, headDim - start), dz, start == 0);
        for (int half = 0; half < lanes; half += lanes / 2)
        {
            Vector512<double> along = default;
            for (int i = 0; i < headDim; i++) along = Vector512.FusedMultiplyAdd(Vector512.Create(head.Query[i]), Vector512.Load(dk + i * lanes + half), along);
            along *= Vector512.Create(head.OwnGain);
            var weight = Vector512.Create(head.OwnWeight);
            for (int i = 0; i < headDim; i++)
            {
                var sum = Vector512.FusedMultiplyAdd(Vector512.Create(turn[i]), along, Vector512.Load(dz + i * lanes + half));
                Vector512.FusedMultiplyAdd(weight, Vector512.Load(dv + i * lanes + half), sum).Store(dz + i * lanes + half);
            }
        }
    }

    /// <summary>A square matrix as tiles, [columns / Tile][rows × Tile].</summary>
    static double[] Tiles(double[] matrix, int width)
    {
        int tiles = (width + WideMatMul.Tile - 1) / WideMatMul.Tile;
        var tiled = new double[tiles * width * WideMatMul.Tile];
        for (int tile = 0; tile < tiles; tile++)
            for (int row = 0; row < width; row++)
            {
                int start = tile * WideMatMul.Tile, count = Math.Min(WideMatMul.Tile, width - start);
                matrix.AsSpan(row * width + start, count).CopyTo(tiled.AsSpan((tile * width + row) * WideMatMul.Tile, count));
            }
        return tiled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
        _z.Dispose();
    }
}
