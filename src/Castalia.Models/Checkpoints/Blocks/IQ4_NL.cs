using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ4_NL, 32 values: F16 scale d, 16 bytes as in <see cref="Q4_0"/>; d·level(q), levels of <see cref="FixedLevels"/>.</summary>
static unsafe class IQ4_NL
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 32; i++) values[i] = d * FixedLevels.All[block[2 + i % 16] >> i / 16 * 4 & 15];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 18, to += 32)
        {
            float d = Lanes.Half(from);
            var bytes = Lanes.Load(from + 2);
            Lanes.Scale(to, Vector128.Shuffle(FixedLevels.Vector, Lanes.Bits(bytes, 0, 15).AsSByte()), d);
            Lanes.Scale(to + 16, Vector128.Shuffle(FixedLevels.Vector, Lanes.Bits(bytes, 4, 15).AsSByte()), d);
        }
    }
}
