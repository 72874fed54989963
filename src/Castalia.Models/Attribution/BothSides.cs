using System.Runtime.Intrinsics;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>A stored matrix W times float64 vectors from both sides: W·x and Wᵀ·v, for some tokens, in float64; the weights are widened once for both.</summary>
/// <remarks>
/// Rows are parted into at most eight stripes, whatever the number of threads; a stripe adds its rows' share of Wᵀ·v in ascending order, and the
/// stripes' shares are added in order.
/// </remarks>
sealed unsafe class BothSides : IDisposable
{
    const int Stripes = 8, ColumnsPerFold = 512;
    const int Columns = 256; // at a time: stored blocks of weights are as long

    readonly Crew _crew;
    readonly TokenVectors[] _shares = [.. Enumerable.Range(0, Stripes).Select(_ => new TokenVectors())];
    readonly TokenVectors[] _lanes = [.. Enumerable.Range(0, Stripes).Select(_ => new TokenVectors())];
    readonly FloatBuffer[] _tiles = [.. Enumerable.Range(0, Stripes).Select(_ => new FloatBuffer())];
    readonly TokenVectors[] _wide = [.. Enumerable.Range(0, Stripes).Select(_ => new TokenVectors())];

    /// <param name="crew">The threads.</param>
    public BothSides(Crew crew) => _crew = crew;

    /// <summary>y = W·x, where asked for, and u = Wᵀ·v, where asked for.</summary>
    /// <param name="w">[out × in].</param>
    /// <param name="x">[tokens × in]; null where W·x is not asked for.</param>
    /// <param name="y">[tokens × out], written.</param>
    /// <param name="v">[tokens × out]; null where Wᵀ·v is not asked for.</param>
    /// <param name="u">[tokens × in], written.</param>
    public void Run(IWeightRows w, TokenVectors? x, TokenVectors? y, TokenVectors? v, TokenVectors? u)
    {
        int tokens = (x ?? v)!.Tokens;
        y?.Clear(tokens, w.Rows);
        u?.Resize(tokens, w.Columns);
        int rowsPerStripe = TokenVectors.Up((w.Rows + Stripes - 1) / Stripes, TileProducts.Rows);
        int stripes = (w.Rows + rowsPerStripe - 1) / rowsPerStripe;
        _crew.Run(stripes, (stripe, _) =>
        {
            _wide[stripe].Resize(1, TileProducts.Rows * Columns);
            if (v is not null) _shares[stripe].Resize(tokens, w.Columns);
            int end = Math.Min(w.Rows, (stripe + 1) * rowsPerStripe);
            for (int row = stripe * rowsPerStripe; row < end; row += TileProducts.Rows)
            {
                _crew.ThrowIfCancelled();
                RowsOf(w, row, Math.Min(TileProducts.Rows, end - row), stripe, row == stripe * rowsPerStripe, x, y, v);
            }
        });
        if (u is not null) _crew.Run((w.Columns + ColumnsPerFold - 1) / ColumnsPerFold, (piece, _) => Fold(stripes, u, piece * ColumnsPerFold));
    }

    /// <summary>Sixteen rows or what is left.</summary>
    void RowsOf(IWeightRows w, int row, int rows, int stripe, bool first, TokenVectors? x, TokenVectors? y, TokenVectors? v)
    {
        float* tile = _tiles[stripe].Resize(TileProducts.Rows * Columns).Data;
        var lanes = x is null ? null : _lanes[stripe].Clear(1, x.PaddedTokens * TileProducts.Rows * TileProducts.Lanes);
        for (int k = 0; k < w.Columns; k += Columns)
        {
            int count = Math.Min(Columns, w.Columns - k), padded = TokenVectors.Up(count, TileProducts.ColumnStep);
            if (rows < TileProducts.Rows || padded > count) new Span<float>(tile, TileProducts.Rows * Columns).Clear();
            w.Tile(row, rows, k, count, tile, Columns);
            double* wide = _wide[stripe].Data;
            TileProducts.Widen(tile, Columns, padded, wide, Columns);
            if (x is not null) TileAcross.Run(wide, Columns, padded, x.Data + k, x.Stride, x.PaddedTokens, lanes!.Data);
            if (v is not null) TileDown.Run(wide, Columns, padded, v.Data + row, v.Stride, v.PaddedTokens, _shares[stripe].Data + k, _shares[stripe].Stride, first);
        }
        if (x is null) return;
        for (int t = 0; t < x.Tokens; t++)
            for (int r = 0; r < rows; r++)
                y!.Row(t)[row + r] = DoubleSum.Fold(Vector512.Load(lanes!.Data + (t * TileProducts.Rows + r) * TileProducts.Lanes));
    }

    void Fold(int stripes, TokenVectors u, int first)
    {
        int end = Math.Min(u.Width, first + ColumnsPerFold);
        for (int t = 0; t < u.PaddedTokens; t++)
        {
            for (long k = t * u.Stride + first; k < t * u.Stride + end; k += TileProducts.Lanes)
            {
                Vector512<double> sum = default;
                for (int stripe = 0; stripe < stripes; stripe++) sum += Vector512.Load(_shares[stripe].Data + k);
                sum.Store(u.Data + k);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var share in _shares) share.Dispose();
        foreach (var lane in _lanes) lane.Dispose();
        foreach (var tile in _tiles) tile.Dispose();
        foreach (var wide in _wide) wide.Dispose();
    }
}
