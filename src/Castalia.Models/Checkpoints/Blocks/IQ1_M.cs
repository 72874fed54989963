using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ1_M, 256 values: for each eight of them the lower eight bits of an entry, then a half byte; for each 64 of them 16 bits of scales.</summary>
/// <remarks>
/// d·(2·scale + 1)·(entry ± ⅛), codebook of <see cref="IQ1_S"/>. A half byte has the upper three bits of an entry and one that, if set, takes
/// an eighth away. Of the 16 bits each three are the scale of 16 values; the upper four of each of the four make up the F16 d, lowest first.
/// </remarks>
static unsafe class IQ1_M
{
    const int Lower = 0, Upper = 32, Scales = 48;

    static readonly ulong[] Table = Codebooks.Eights(Codebooks.IQ1, Codebooks.LevelsOfIQ1);

    static float Half(byte* block)
    {
        int bits = 0;
        for (int i = 0; i < 4; i++) bits |= block[Scales + 2 * i + 1] >> 4 << 4 * i;
        return Checkpoints.Widen.HalfBits((ushort)bits);
    }

    static float ScaleOf(byte* block, float d, int sixteen) =>
        d * (2 * (Unsafe.ReadUnaligned<ushort>(block + Scales + sixteen / 4 * 2) >> sixteen % 4 * 3 & 7) + 1);

    static int HalfByte(byte* block, int eight) => block[Upper + eight / 2] >> eight % 2 * 4 & 15;

    static int Entry(byte* block, int eight) => block[Lower + eight] | (HalfByte(block, eight) & 7) << 8;

    public static void Define(byte* block, float* values)
    {
        float d = Half(block);
        for (int i = 0; i < 256; i++)
        {
            int q = (sbyte)(Table[Entry(block, i / 8)] >> i % 8 * 8);
            values[i] = ScaleOf(block, d, i / 16) * (q / 8f + ((HalfByte(block, i / 8) & 8) != 0 ? -0.125f : 0.125f));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (ulong* table = Table)
            for (; blocks > 0; blocks--, from += 56)
            {
                float d = Half(from);
                for (int sixteen = 0; sixteen < 16; sixteen++, to += 16)
                {
                    int eight = 2 * sixteen;
                    var entries = Vector128.Create(table[Entry(from, eight)], table[Entry(from, eight + 1)]).AsSByte();
                    var shift = Vector128.Create(Eighths(from, eight), Eighths(from, eight + 1)).AsSByte();
                    Lanes.Scale(to, entries + shift, ScaleOf(from, d, sixteen) * 0.125f);
                }
            }
    }

    /// <summary>Eight times 1 or −1.</summary>
    static ulong Eighths(byte* block, int eight) => (HalfByte(block, eight) & 8) != 0 ? ulong.MaxValue : 0x0101010101010101;
}
