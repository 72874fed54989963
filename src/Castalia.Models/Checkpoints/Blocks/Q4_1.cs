using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q4_1, 32 values: F16 scale d, F16 minimum m, 16 bytes; d·q + m. Halves of the bytes as in <see cref="Q4_0"/>.</summary>
static unsafe class Q4_1
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block), m = Lanes.Half(block + 2);
        for (int i = 0; i < 32; i++) values[i] = d * (block[4 + i % 16] >> i / 16 * 4 & 15) + m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 20, to += 32)
        {
            float d = Lanes.Half(from), m = Lanes.Half(from + 2);
            var bytes = Lanes.Load(from + 4);
            Lanes.ScaleAdd(to, Lanes.Bits(bytes, 0, 15).AsSByte(), d, m);
            Lanes.ScaleAdd(to + 16, Lanes.Bits(bytes, 4, 15).AsSByte(), d, m);
        }
    }
}
