using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ2_S, 256 values: F16 d; for each eight of them the lower eight bits of an entry, a byte of signs, two more bits of the entry; a half byte of scale for each 16.</summary>
/// <remarks>d·(½ + scale)·¼·(±entry), each of the four in a row of its own.</remarks>
static unsafe class IQ2_S
{
    const int Lower = 2, Signs = 34, Upper = 66, Scales = 74;

    static readonly ulong[] Table = Codebooks.Eights(Codebooks.IQ2_S, Codebooks.LevelsOfIQ2);

    static float ScaleOf(byte* block, float d, int sixteen) => d * (0.5f + (block[Scales + sixteen / 2] >> sixteen % 2 * 4 & 15)) * 0.25f;

    static int Entry(byte* block, int eight) => block[Lower + eight] | (block[Upper + eight / 4] >> eight % 4 * 2 & 3) << 8;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            int q = (int)(Table[Entry(block, i / 8)] >> i % 8 * 8 & 255);
            values[i] = ScaleOf(block, d, i / 16) * ((block[Signs + i / 8] >> i % 8 & 1) != 0 ? -q : q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (ulong* table = Table)
            for (; blocks > 0; blocks--, from += 82)
            {
                float d = Lanes.Half(from);
                for (int sixteen = 0; sixteen < 16; sixteen++, to += 16)
                {
                    int eight = 2 * sixteen;
                    var q = Lanes.Signed(table[Entry(from, eight)], table[Entry(from, eight + 1)], from[Signs + eight], from[Signs + eight + 1]);
                    Lanes.Scale(to, q, ScaleOf(from, d, sixteen));
                }
            }
    }
}
