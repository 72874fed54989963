using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Copies some columns of a matrix to where they follow one another.</summary>
static unsafe class Strips
{
    /// <summary>The first 8 or 32 columns of every row.</summary>
    /// <param name="from">[rows × stride].</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="to">[rows × columns], written.</param>
    /// <param name="columns">8 or 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* from, long stride, int rows, float* to, int columns)
    {
        if (columns == 8)
            for (int row = 0; row < rows; row++, from += stride, to += 8) Vector256.Load(from).Store(to);
        else if (columns == 32)
            for (int row = 0; row < rows; row++, from += stride, to += 32)
            {
                Vector512.Load(from).Store(to);
                Vector512.Load(from + 16).Store(to + 16);
            }
        else throw new ArgumentOutOfRangeException(nameof(columns), columns, "8 or 32.");
    }
}
