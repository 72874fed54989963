using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q3_K, 256 values: 32 bytes of third bits, 64 bytes of the lower two, 16 six-bit scales in 12 bytes, F16 d.</summary>
/// <remarks>
/// (d·(scale − 32))·(q − 4), q's third bit worth 4. Lower bits as in <see cref="Q2_K"/>; the third bit of value i is bit i / 32 of
/// byte i mod 32. Scale j: lower four bits in byte j mod 8, half j / 8; upper two in byte 8 + j mod 4, at bit 2·(j / 4).
/// </remarks>
static unsafe class Q3_K
{
    const int Third = 0, Lower = 32, Scales = 96, Scale = 108;

    static int ScaleOf(byte* scales, int j) => (scales[j % 8] >> j / 8 * 4 & 15 | (scales[8 + j % 4] >> j / 4 * 2 & 3) << 4) - 32;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block + Scale);
        for (int i = 0; i < 256; i++)
        {
            int low = block[Lower + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3, third = block[Third + i % 32] >> i / 32 & 1;
            values[i] = d * ScaleOf(block + Scales, i / 16) * (low + third * 4 - 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 110)
        {
            float d = Lanes.Half(from + Scale);
            Vector128<byte> thirdLeft = Lanes.Load(from + Third), thirdRight = Lanes.Load(from + Third + 16);
            for (int part = 0; part < 8; part++, to += 32)
            {
                byte* lower = from + Lower + part / 4 * 32;
                var bit = Vector128.Create((byte)(1 << part));
                Lanes.Scale(to, Quanta(Lanes.Load(lower), thirdLeft, bit, part), d * ScaleOf(from + Scales, 2 * part));
                Lanes.Scale(to + 16, Quanta(Lanes.Load(lower + 16), thirdRight, bit, part), d * ScaleOf(from + Scales, 2 * part + 1));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Quanta(Vector128<byte> lower, Vector128<byte> third, Vector128<byte> bit, int part) =>
        (Lanes.Bits(lower, part % 4 * 2, 3) | Lanes.WhereSet(third, bit, 4)).AsSByte() - Vector128.Create((sbyte)4);
}
