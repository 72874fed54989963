using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q8_0, 32 values: F16 scale d, 32 signed bytes; d·q.</summary>
static unsafe class Q8_0
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 32; i++) values[i] = d * (sbyte)block[2 + i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 34, to += 32)
        {
            float d = Lanes.Half(from);
            Lanes.Scale(to, Lanes.Load(from + 2).AsSByte(), d);
            Lanes.Scale(to + 16, Lanes.Load(from + 18).AsSByte(), d);
        }
    }
}
