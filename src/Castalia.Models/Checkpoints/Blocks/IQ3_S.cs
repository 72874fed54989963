using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>IQ3_S, 256 values: F16 d; for each four of them the lower eight bits of an entry, then its ninth; a bit of sign for each; a half byte of scale for each 32.</summary>
/// <remarks>d·(1 + 2·scale)·(±entry), each of the four in a row of its own.</remarks>
static unsafe class IQ3_S
{
    const int Lower = 2, Ninth = 66, Signs = 74, Scales = 106;

    static readonly uint[] Table = Codebooks.Fours(Codebooks.IQ3_S, Codebooks.LevelsOfIQ3_S);

    static float ScaleOf(byte* block, float d, int part) => d * (1 + 2 * (block[Scales + part / 2] >> part % 2 * 4 & 15));

    static int Entry(byte* block, int four) => block[Lower + four] | (block[Ninth + four / 8] >> four % 8 & 1) << 8;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block);
        for (int i = 0; i < 256; i++)
        {
            int q = (int)(Table[Entry(block, i / 4)] >> i % 4 * 8 & 255);
            values[i] = ScaleOf(block, d, i / 32) * ((block[Signs + i / 8] >> i % 8 & 1) != 0 ? -q : q);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        fixed (uint* table = Table)
            for (; blocks > 0; blocks--, from += 110)
            {
                float d = Lanes.Half(from);
                for (int part = 0; part < 8; part++, to += 32)
                {
                    float scale = ScaleOf(from, d, part);
                    Lanes.Scale(to, Sixteen(table, from, 2 * part), scale);
                    Lanes.Scale(to + 16, Sixteen(table, from, 2 * part + 1), scale);
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> Sixteen(uint* table, byte* block, int sixteen)
    {
        int four = 4 * sixteen;
        return Lanes.Signed(
            table[Entry(block, four)] | (ulong)table[Entry(block, four + 1)] << 32,
            table[Entry(block, four + 2)] | (ulong)table[Entry(block, four + 3)] << 32,
            block[Signs + 2 * sixteen], block[Signs + 2 * sixteen + 1]);
    }
}
