using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ3_XXS, 256 values: F16 d, 64 bytes, each an entry of four in the codebook, then for each 32 values four bytes of signs and scale.</summary>
/// <remarks>d·(½ + scale)·½·(±entry). Of the 32 bits seven are <see cref="Codebooks.EvenSigns"/> of each eight values, the upper four the scale.</remarks>
static unsafe class IQ3_XXS
{
    const int Entries = 2, Rest = 66;

    static readonly uint[] Table = Codebooks.Fours(Codebooks.IQ3_XXS, Codebooks.LevelsOfIQ3_XXS);

    static float ScaleOf(float d, uint rest) => d * (0.5f + (rest >> 28)) * 0.5f;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            uint rest = Unsafe.ReadUnaligned<uint>(block + Rest + i / 32 * 4);
            int q = (int)(Table[block[Entries + i / 4]] >> i % 4 * 8 & 255), signs = Codebooks.EvenSigns(rest >> i % 32 / 8 * 7);
            values[i] = ScaleOf(d, rest) * ((signs >> i % 8 & 1) != 0 ? -q : q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (uint* table = Table)
            for (; blocks > 0; blocks--, from += 98)
            {
                float d = Lanes.Half(from);
                for (int part = 0; part < 8; part++, to += 32)
                {
                    byte* entries = from + Entries + part * 8;
                    uint rest = Unsafe.ReadUnaligned<uint>(from + Rest + part * 4);
                    float scale = ScaleOf(d, rest);
                    Lanes.Scale(to, Sixteen(table, entries, rest), scale);
                    Lanes.Scale(to + 16, Sixteen(table, entries + 4, rest >> 14), scale);
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Sixteen(uint* table, byte* entries, uint rest) => Lanes.Signed(
        table[entries[0]] | (ulong)table[entries[1]] << 32, table[entries[2]] | (ulong)table[entries[3]] << 32,
        Codebooks.EvenSigns(rest), Codebooks.EvenSigns(rest >> 7));
}
