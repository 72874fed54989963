using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q2_K, 256 values: for each 16 of them a byte with scale (low half) and minimum (high half), 64 bytes of two-bit q, F16 d, F16 dmin.</summary>
/// <remarks>
/// (d·scale)·q − dmin·minimum. Of each 128 values, value i stands in byte i mod 32 of their 32 bytes, at bit 2·(i / 32).
/// </remarks>
static unsafe class Q2_K
{
    const int Bits = 16, Scale = 80, Minimum = 82;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block + Scale), dMin = Lanes.Half(block + Minimum);
        for (int i = 0; i < 256; i++)
        {
            int q = block[Bits + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3, sixteen = block[i / 16];
            float product = d * (sixteen & 15) * q;
            values[i] = product - dMin * (sixteen >> 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 84)
        {
            float d = Lanes.Half(from + Scale), dMin = Lanes.Half(from + Minimum);
            byte* sixteens = from;
            for (int half = 0; half < 2; half++)
            {
                var left = Lanes.Load(from + Bits + half * 32);
                var right = Lanes.Load(from + Bits + half * 32 + 16);
                for (int shift = 0; shift < 8; shift += 2, sixteens += 2, to += 32)
                {
                    Lanes.ScaleSubtract(to, Lanes.Bits(left, shift, 3).AsSByte(), d * (sixteens[0] & 15), dMin * (sixteens[0] >> 4));
                    Lanes.ScaleSubtract(to + 16, Lanes.Bits(right, shift, 3).AsSByte(), d * (sixteens[1] & 15), dMin * (sixteens[1] >> 4));
                }
            }
        }
    }
}
