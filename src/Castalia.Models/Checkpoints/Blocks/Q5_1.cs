using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q5_1, 32 values: F16 scale d, F16 minimum m, then the bits of <see cref="Q5_0"/>; d·q + m.</summary>
static unsafe class Q5_1
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block), m = Lanes.Half(block + 2);
        uint fifth = Unsafe.ReadUnaligned<uint>(block + 4);
        for (int i = 0; i < 32; i++)
            values[i] = d * (block[8 + i % 16] >> i / 16 * 4 & 15 | (int)(fifth >> i & 1) << 4) + m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 24, to += 32)
        {
            float d = Lanes.Half(from), m = Lanes.Half(from + 2);
            uint fifth = Unsafe.ReadUnaligned<uint>(from + 4);
            var bytes = Lanes.Load(from + 8);
            Lanes.ScaleAdd(to, (Lanes.Bits(bytes, 0, 15) | Lanes.Spread((ushort)fifth, 16)).AsSByte(), d, m);
            Lanes.ScaleAdd(to + 16, (Lanes.Bits(bytes, 4, 15) | Lanes.Spread((ushort)(fifth >> 16), 16)).AsSByte(), d, m);
        }
    }
}
