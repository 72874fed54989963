using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q5_K, 256 values: F16 d, F16 dmin, <see cref="SixBitPairs"/> for each 32, 32 bytes of fifth bits, 128 bytes as in <see cref="Q4_K"/>.</summary>
/// <remarks>(d·scale)·q − dmin·minimum. The fifth bit of value i is bit i / 32 of byte i mod 32.</remarks>
static unsafe class Q5_K
{
    const int Pairs = 4, Fifth = 16, Bits = 48;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block), dMin = Lanes.Half(block + 2);
        for (int i = 0; i < 256; i++)
        {
            int low = block[Bits + i / 64 * 32 + i % 32] >> i % 64 / 32 * 4 & 15, fifth = block[Fifth + i % 32] >> i / 32 & 1;
            float product = d * SixBitPairs.Scale(block + Pairs, i / 32) * (low + fifth * 16);
            values[i] = product - dMin * SixBitPairs.Minimum(block + Pairs, i / 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 176)
        {
            float d = Lanes.Half(from), dMin = Lanes.Half(from + 2);
            Vector128<byte> fifthLeft = Lanes.Load(from + Fifth), fifthRight = Lanes.Load(from + Fifth + 16);
            for (int part = 0; part < 8; part++, to += 32)
            {
                byte* bytes = from + Bits + part / 2 * 32;
                int shift = part % 2 * 4;
                var bit = Vector128.Create((byte)(1 << part));
                float scale = d * SixBitPairs.Scale(from + Pairs, part), minimum = dMin * SixBitPairs.Minimum(from + Pairs, part);
                var left = Lanes.Bits(Lanes.Load(bytes), shift, 15) | Lanes.WhereSet(fifthLeft, bit, 16);
                var right = Lanes.Bits(Lanes.Load(bytes + 16), shift, 15) | Lanes.WhereSet(fifthRight, bit, 16);
                Lanes.ScaleSubtract(to, left.AsSByte(), scale, minimum);
                Lanes.ScaleSubtract(to + 16, right.AsSByte(), scale, minimum);
            }
        }
    }
}
