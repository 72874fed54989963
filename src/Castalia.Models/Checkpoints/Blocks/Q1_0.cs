using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q1_0, 128 values: F16 scale d, 16 bytes; d where the value's bit is set, else −d. Value i is bit i mod 8 of byte i / 8.</summary>
static unsafe class Q1_0
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 128; i++) values[i] = (block[2 + i / 8] >> i % 8 & 1) != 0 ? d : -d;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 18)
        {
            float d = Lanes.Half(from);
            for (int sixteen = 0; sixteen < 8; sixteen++, to += 16)
            {
                ushort bits = Unsafe.ReadUnaligned<ushort>(from + 2 + sixteen * 2);
                Lanes.Scale(to, Lanes.Spread(bits, 2).AsSByte() - Vector128.Create((sbyte)1), d);
            }
        }
    }
}
