using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q2_0, 64 values: F16 scale d, 16 bytes of two-bit q; d·(q − 1). Value i stands in byte i / 4, at bit 2·(i mod 4).</summary>
static unsafe class Q2_0
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 64; i++) values[i] = d * ((block[2 + i / 4] >> i % 4 * 2 & 3) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        var turned = Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        for (; blocks > 0; blocks--, from += 18)
        {
            float d = Lanes.Half(from);
            for (int sixteen = 0; sixteen < 4; sixteen++, to += 16)
            {
                uint bytes = Unsafe.ReadUnaligned<uint>(from + 2 + sixteen * 4);
                var firsts = Lanes.Bits(Vector128.Create(bytes, bytes >> 2, bytes >> 4, bytes >> 6).AsByte(), 0, 3); // of each byte, then seconds, …
                Lanes.Scale(to, Vector128.Shuffle(firsts, turned).AsSByte() - Vector128.Create((sbyte)1), d);
            }
        }
    }
}
