using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ2_XXS, 256 values: F16 d, then for each 32 of them four bytes, each an entry of eight in the codebook, and four bytes of signs and scale.</summary>
/// <remarks>d·(½ + scale)·¼·(±entry). Of the 32 bits seven are <see cref="Codebooks.EvenSigns"/> of each eight values, the upper four the scale.</remarks>
static unsafe class IQ2_XXS
{
    const int Parts = 2;

    static readonly ulong[] Table = Codebooks.Eights(Codebooks.IQ2_XXS, Codebooks.LevelsOfIQ2);

    static float ScaleOf(float d, uint rest) => d * (0.5f + (rest >> 28)) * 0.25f;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            byte* part = block + Parts + i / 32 * 8;
            uint rest = Unsafe.ReadUnaligned<uint>(part + 4);
            int q = (int)(Table[part[i % 32 / 8]] >> i % 8 * 8 & 255), signs = Codebooks.EvenSigns(rest >> i % 32 / 8 * 7);
            values[i] = ScaleOf(d, rest) * ((signs >> i % 8 & 1) != 0 ? -q : q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (ulong* table = Table)
            for (; blocks > 0; blocks--, from += 66)
            {
                float d = Lanes.Half(from);
                for (byte* part = from + Parts; part < from + 66; part += 8, to += 32)
                {
                    uint rest = Unsafe.ReadUnaligned<uint>(part + 4);
                    float scale = ScaleOf(d, rest);
                    Lanes.Scale(to, Lanes.Signed(table[part[0]], table[part[1]], Codebooks.EvenSigns(rest), Codebooks.EvenSigns(rest >> 7)), scale);
                    Lanes.Scale(to + 16, Lanes.Signed(table[part[2]], table[part[3]], Codebooks.EvenSigns(rest >> 14), Codebooks.EvenSigns(rest >> 21)), scale);
                }
            }
    }
}
