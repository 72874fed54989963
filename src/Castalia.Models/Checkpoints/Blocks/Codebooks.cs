using System.Numerics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>The tables of the formats whose stored bits choose several values at once, packed: levels by two or three bits, the first value lowest.</summary>
/// <remarks>Part of ggml's format. Entry and order are what its dequantize_row_… answers to each index.</remarks>
static partial class Codebooks
{
    /// <summary>Levels by two bits in IQ2_XXS, IQ2_XS and IQ2_S.</summary>
    public static ReadOnlySpan<sbyte> LevelsOfIQ2 => [8, 25, 43];

    /// <summary>Levels by three bits in IQ3_XXS.</summary>
    public static ReadOnlySpan<sbyte> LevelsOfIQ3_XXS => [4, 12, 20, 28, 36, 44, 52, 62];

    /// <summary>Levels by three bits in IQ3_S.</summary>
    public static ReadOnlySpan<sbyte> LevelsOfIQ3_S => [1, 3, 5, 7, 9, 11, 13, 15];

    /// <summary>Eight times the levels by two bits in IQ1_S and IQ1_M, whose values lie an eighth above or below −1, 0 or 1.</summary>
    public static ReadOnlySpan<sbyte> LevelsOfIQ1 => [-8, 0, 8];

    /// <summary>A table of eight values, one a byte, the first lowest.</summary>
    public static ulong[] Eights(ReadOnlySpan<ushort> packed, ReadOnlySpan<sbyte> levels)
    {
        ulong[] table = new ulong[packed.Length];
        for (int i = 0; i < table.Length; i++)
            for (int j = 0; j < 8; j++)
                table[i] |= (ulong)(byte)levels[packed[i] >> 2 * j & 3] << 8 * j;
        return table;
    }

    /// <summary>A table of four values, one a byte, the first lowest.</summary>
    public static uint[] Fours(ReadOnlySpan<ushort> packed, ReadOnlySpan<sbyte> levels)
    {
        uint[] table = new uint[packed.Length];
        for (int i = 0; i < table.Length; i++)
            for (int j = 0; j < 4; j++)
                table[i] |= (uint)(byte)levels[packed[i] >> 3 * j & 7] << 8 * j;
        return table;
    }

    /// <summary>Eight signs stored as seven bits: the eighth makes the number of negative ones even.</summary>
    public static int EvenSigns(uint seven) => (int)((seven & 127) | (uint)(BitOperations.PopCount(seven & 127) & 1) << 7);
}
