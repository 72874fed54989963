using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>The sixteen levels that four bits choose from in IQ4_NL and IQ4_XS (ggml, kvalues_iq4nl).</summary>
static class FixedLevels
{
    /// <summary>Level by four bits.</summary>
    public static ReadOnlySpan<sbyte> All => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>The same as one vector, to be picked from by a shuffle.</summary>
    public static Vector128<sbyte> Vector => Vector128.Create(All);
}
