using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Q6_K, 256 values: 128 bytes of the lower four bits, 64 bytes of the upper two, a signed byte of scale for each 16, F16 d.</summary>
/// <remarks>
/// (d·scale)·(q − 32). Of each 128 values, value i has its lower bits in byte i mod 64 of their 64 bytes, half i / 64, and its
/// upper bits in byte i mod 32 of their 32 bytes, at bit 2·(i / 32).
/// </remarks>
static unsafe class Q6_K
{
    const int Lower = 0, Upper = 128, Scales = 192, Scale = 208;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block + Scale);
        for (int i = 0; i < 256; i++)
        {
            int low = block[Lower + i / 128 * 64 + i % 64] >> i % 128 / 64 * 4 & 15;
            int high = block[Upper + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
            values[i] = d * (sbyte)block[Scales + i / 16] * ((low | high << 4) - 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 210)
        {
            float d = Lanes.Half(from + Scale);
            for (int sixteen = 0; sixteen < 16; sixteen++, to += 16)
            {
                int first = sixteen % 8 * 16; // of the half's 128 values
                var low = Lanes.Bits(Lanes.Load(from + Lower + sixteen / 8 * 64 + first % 64), first / 64 * 4, 15);
                var high = Lanes.Bits(Lanes.Load(from + Upper + sixteen / 8 * 32 + first % 32), first / 32 * 2, 3);
                var q = (low | (high.AsUInt16() << 4).AsByte()).AsSByte() - Vector128.Create((sbyte)32);
                Lanes.Scale(to, q, d * (sbyte)from[Scales + sixteen]);
            }
        }
    }
}
