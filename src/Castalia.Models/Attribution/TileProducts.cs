using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Attribution;

/// <summary>Tiles of weights that are multiplied with vectors of several tokens, from both sides; all in float64.</summary>
/// <remarks>
/// A tile is <see cref="Rows"/> rows, its columns a multiple of <see cref="ColumnStep"/>; tokens are a multiple of <see cref="TokenStep"/>. Every sum is
/// one chain of fused multiply-adds, of ascending rows, or of ascending columns in eight lanes, column k in lane k mod 8: a token's bits depend on
/// no other token and on no processor.
/// </remarks>
static unsafe class TileProducts
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 16;

    /// <summary>Columns are taken so many at a time.</summary>
    public const int ColumnStep = 4 * Lanes;

    /// <summary>Tokens are taken so many at a time.</summary>
    public const int TokenStep = 5;

    /// <summary>Partial sums that <see cref="TileAcross"/> keeps for each token and row.</summary>
    public const int Lanes = 8;

    /// <summary>Widens columns of a tile's rows.</summary>
    /// <param name="from">[Rows × fromStride].</param>
    /// <param name="fromStride">From one row to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="to">[Rows × toStride], written.</param>
    /// <param name="toStride">From one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(float* from, int fromStride, int columns, double* to, int toStride)
    {
        for (int r = 0; r < Rows; r++, from += fromStride, to += toStride)
        {
            for (int k = 0; k < columns; k += Lanes)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(from + k));
                low.Store(to + k);
                high.Store(to + k + Lanes / 2);
            }
        }
    }
}
