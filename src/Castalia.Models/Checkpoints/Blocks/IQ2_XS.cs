using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ2_XS, 256 values: F16 d, for each eight of them 16 bits, nine an entry of the codebook, seven its signs; a half byte of scale for each 16.</summary>
/// <remarks>d·(½ + scale)·¼·(±entry), signs by <see cref="Codebooks.EvenSigns"/>.</remarks>
static unsafe class IQ2_XS
{
    const int Eights = 2, Scales = 66;

    static readonly ulong[] Table = Codebooks.Eights(Codebooks.IQ2_XS, Codebooks.LevelsOfIQ2);

    static float ScaleOf(byte* block, float d, int sixteen) => d * (0.5f + (block[Scales + sixteen / 2] >> sixteen % 2 * 4 & 15)) * 0.25f;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            uint eight = Unsafe.ReadUnaligned<ushort>(block + Eights + i / 8 * 2);
            int q = (int)(Table[eight & 511] >> i % 8 * 8 & 255), signs = Codebooks.EvenSigns(eight >> 9);
            values[i] = ScaleOf(block, d, i / 16) * ((signs >> i % 8 & 1) != 0 ? -q : q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (ulong* table = Table)
            for (; blocks > 0; blocks--, from += 74)
            {
                float d = Lanes.Half(from);
                for (int sixteen = 0; sixteen < 16; sixteen++, to += 16)
                {
                    uint two = Unsafe.ReadUnaligned<uint>(from + Eights + sixteen * 4);
                    var q = Lanes.Signed(table[two & 511], table[two >> 16 & 511], Codebooks.EvenSigns(two >> 9), Codebooks.EvenSigns(two >> 25));
                    Lanes.Scale(to, q, ScaleOf(from, d, sixteen));
                }
            }
    }
}
