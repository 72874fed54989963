using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>TQ2_0, 256 values: 64 bytes of two-bit q, F16 scale d; d·(q − 1).</summary>
/// <remarks>Of each 128 values, value i stands in byte i mod 32 of their 32 bytes, at bit 2·(i / 32).</remarks>
static unsafe class TQ2_0
{
    const int Scale = 64;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block + Scale);
        for (int i = 0; i < 256; i++) values[i] = d * ((block[i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        var one = Vector128.Create((sbyte)1);
        for (; blocks > 0; blocks--, from += 66)
        {
            float d = Lanes.Half(from + Scale);
            for (int half = 0; half < 2; half++)
            {
                Vector128<byte> left = Lanes.Load(from + half * 32), right = Lanes.Load(from + half * 32 + 16);
                for (int shift = 0; shift < 8; shift += 2, to += 32)
                {
                    Lanes.Scale(to, Lanes.Bits(left, shift, 3).AsSByte() - one, d);
                    Lanes.Scale(to + 16, Lanes.Bits(right, shift, 3).AsSByte() - one, d);
                }
            }
        }
    }
}
