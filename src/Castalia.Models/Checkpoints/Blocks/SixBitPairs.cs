namespace Castalia.Checkpoints.Blocks;

/// <summary>Eight six-bit scales and eight six-bit minimums in 12 bytes, as Q4_K and Q5_K hold them.</summary>
/// <remarks>
/// For j &lt; 4 scale j is the lower six bits of byte j and minimum j those of byte j + 4. For j ≥ 4 the lower four bits are the
/// halves of byte j + 4, scale first, and the upper two are the upper two of bytes j − 4 and j.
/// </remarks>
static unsafe class SixBitPairs
{
    public static int Scale(byte* bytes, int j) => j < 4 ? bytes[j] & 63 : bytes[j + 4] & 15 | bytes[j - 4] >> 6 << 4;

    public static int Minimum(byte* bytes, int j) => j < 4 ? bytes[j + 4] & 63 : bytes[j + 4] >> 4 | bytes[j] >> 6 << 4;
}
