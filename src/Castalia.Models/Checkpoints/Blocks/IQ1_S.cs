using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ1_S, 256 values: F16 d, for each eight of them the lower eight bits of an entry, then for each 32 of them 16 bits.</summary>
/// <remarks>
/// d·(2·scale + 1)·(entry ± ⅛). Of the 16 bits each three are the upper ones of an entry, the next three the scale, and the last, if set,
/// takes an eighth away. The table holds eight times the entries: an eighth of a scale is exact, so the product is the same.
/// </remarks>
static unsafe class IQ1_S
{
    const int Lower = 2, Rest = 34;

    static readonly ulong[] Table = Codebooks.Eights(Codebooks.IQ1, Codebooks.LevelsOfIQ1);

    static float ScaleOf(float d, int rest) => d * (2 * (rest >> 12 & 7) + 1);

    static int Entry(byte* block, int rest, int eight) => block[Lower + eight] | (rest >> eight % 4 * 3 & 7) << 8;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            int rest = Unsafe.ReadUnaligned<ushort>(block + Rest + i / 32 * 2);
            int q = (sbyte)(Table[Entry(block, rest, i / 8)] >> i % 8 * 8);
            values[i] = ScaleOf(d, rest) * (q / 8f + ((rest & 0x8000) != 0 ? -0.125f : 0.125f));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (ulong* table = Table)
            for (; blocks > 0; blocks--, from += 50)
            {
                float d = Lanes.Half(from);
                for (int part = 0; part < 8; part++, to += 32)
                {
                    int rest = Unsafe.ReadUnaligned<ushort>(from + Rest + part * 2), eight = 4 * part;
                    float scale = ScaleOf(d, rest) * 0.125f;
                    var shift = Vector128.Create((sbyte)((rest & 0x8000) != 0 ? -1 : 1));
                    var left = Vector128.Create(table[Entry(from, rest, eight)], table[Entry(from, rest, eight + 1)]).AsSByte();
                    var right = Vector128.Create(table[Entry(from, rest, eight + 2)], table[Entry(from, rest, eight + 3)]).AsSByte();
                    Lanes.Scale(to, left + shift, scale);
                    Lanes.Scale(to + 16, right + shift, scale);
                }
            }
    }
}
