using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q4_K, 256 values: F16 d, F16 dmin, <see cref="SixBitPairs"/> for each 32 of them, 128 bytes of four-bit q.</summary>
/// <remarks>(d·scale)·q − dmin·minimum. Of each 64 values the first 32 are the low halves of 32 bytes, the others the high halves.</remarks>
static unsafe class Q4_K
{
    const int Pairs = 4, Bits = 16;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block), dMin = Lanes.Half(block + 2);
        for (int i = 0; i < 256; i++)
        {
            int q = block[Bits + i / 64 * 32 + i % 32] >> i % 64 / 32 * 4 & 15;
            float product = d * SixBitPairs.Scale(block + Pairs, i / 32) * q;
            values[i] = product - dMin * SixBitPairs.Minimum(block + Pairs, i / 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 144)
        {
            float d = Lanes.Half(from), dMin = Lanes.Half(from + 2);
            for (int part = 0; part < 8; part++, to += 32)
            {
                byte* bytes = from + Bits + part / 2 * 32;
                int shift = part % 2 * 4;
                float scale = d * SixBitPairs.Scale(from + Pairs, part), minimum = dMin * SixBitPairs.Minimum(from + Pairs, part);
                Lanes.ScaleSubtract(to, Lanes.Bits(Lanes.Load(bytes), shift, 15).AsSByte(), scale, minimum);
                Lanes.ScaleSubtract(to + 16, Lanes.Bits(Lanes.Load(bytes + 16), shift, 15).AsSByte(), scale, minimum);
            }
        }
    }
}
