using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q4_0, 32 values: F16 scale d, 16 bytes; d·(q − 8). Low halves hold values 0 to 15, high halves 16 to 31.</summary>
static unsafe class Q4_0
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 32; i++) values[i] = d * ((block[2 + i % 16] >> i / 16 * 4 & 15) - 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 18, to += 32)
        {
            float d = Lanes.Half(from);
            var bytes = Lanes.Load(from + 2);
            Lanes.Scale(to, Lanes.Bits(bytes, 0, 15).AsSByte() - Vector128.Create((sbyte)8), d);
            Lanes.Scale(to + 16, Lanes.Bits(bytes, 4, 15).AsSByte() - Vector128.Create((sbyte)8), d);
        }
    }
}
