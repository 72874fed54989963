using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Twice the sixteen values of a float of four bits (sign, two of exponent, one of fraction), as MXFP4 and NVFP4 hold them; their scales are halved.</summary>
/// <remarks>Minus zero is 0, as in ggml.</remarks>
static class FourBitFloats
{
    /// <summary>Twice the value by four bits.</summary>
    public static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>The same as one vector, to be picked from by a shuffle.</summary>
    public static Vector128<sbyte> Vector => Vector128.Create(Doubled);
}
