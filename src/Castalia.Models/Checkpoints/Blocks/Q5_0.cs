using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q5_0, 32 values: F16 scale d, 32 fifth bits, 16 bytes of the lower four as in <see cref="Q4_0"/>; d·(q − 16).</summary>
static unsafe class Q5_0
{
    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        uint fifth = Unsafe.ReadUnaligned<uint>(block + 2);
        for (int i = 0; i < 32; i++)
            values[i] = d * ((block[6 + i % 16] >> i / 16 * 4 & 15 | (int)(fifth >> i & 1) << 4) - 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 22, to += 32)
        {
            float d = Lanes.Half(from);
            uint fifth = Unsafe.ReadUnaligned<uint>(from + 2);
            var bytes = Lanes.Load(from + 6);
            var low = Lanes.Bits(bytes, 0, 15) | Lanes.Spread((ushort)fifth, 16);
            var high = Lanes.Bits(bytes, 4, 15) | Lanes.Spread((ushort)(fifth >> 16), 16);
            Lanes.Scale(to, low.AsSByte() - Vector128.Create((sbyte)16), d);
            Lanes.Scale(to + 16, high.AsSByte() - Vector128.Create((sbyte)16), d);
        }
    }
}
