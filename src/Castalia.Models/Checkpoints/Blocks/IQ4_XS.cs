using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ4_XS, 256 values: F16 d, upper two bits of eight scales in 2 bytes, lower four in 4 bytes, eight times 16 bytes as in <see cref="IQ4_NL"/>.</summary>
/// <remarks>(d·(scale − 32))·level(q), one scale for each 32 values.</remarks>
static unsafe class IQ4_XS
{
    const int UpperScales = 2, LowerScales = 4, Bits = 8;

    static int ScaleOf(byte* block, int j) =>
        (block[LowerScales + j / 2] >> j % 2 * 4 & 15 | (Unsafe.ReadUnaligned<ushort>(block + UpperScales) >> 2 * j & 3) << 4) - 32;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
            values[i] = d * ScaleOf(block, i / 32) * FixedLevels.All[block[Bits + i / 32 * 16 + i % 16] >> i % 32 / 16 * 4 & 15];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 136)
        {
            float d = Lanes.Half(from);
            for (int part = 0; part < 8; part++, to += 32)
            {
                float scale = d * ScaleOf(from, part);
                var bytes = Lanes.Load(from + Bits + part * 16);
                Lanes.Scale(to, Vector128.Shuffle(FixedLevels.Vector, Lanes.Bits(bytes, 0, 15).AsSByte()), scale);
                Lanes.Scale(to + 16, Vector128.Shuffle(FixedLevels.Vector, Lanes.Bits(bytes, 4, 15).AsSByte()), scale);
            }
        }
    }
}
