using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>NVFP4, 64 values: for each 16 a byte of scale, then for each 16 eight bytes, low halves first; scale / 2·q, q of <see cref="FourBitFloats"/>.</summary>
/// <remarks>
/// A scale is (1 + f/8)·2^(e − 7) with f of three bits and e of the four above, f·2⁻⁹ where e is 0. The eighth bit is passed over; 0x7F,
/// no number elsewhere, is 0 in ggml and here.
/// </remarks>
static unsafe class NVFP4
{
    const int Bits = 4;

    static float ScaleOf(byte scale)
    {
        int e = scale >> 3 & 15, f = scale & 7;
        return scale == 0x7F ? 0 : e == 0 ? f / 1024f : BitConverter.Int32BitsToSingle((e + 119) << 23 | f << 20);
    }

    public static void Define(byte* block, float* values)
    {
        for (int i = 0; i < 64; i++)
            values[i] = ScaleOf(block[i / 16]) * FourBitFloats.Doubled[block[Bits + i / 16 * 8 + i % 8] >> i % 16 / 8 * 4 & 15];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 36)
            for (int sixteen = 0; sixteen < 4; sixteen++, to += 16)
            {
                ulong bytes = Unsafe.ReadUnaligned<ulong>(from + Bits + sixteen * 8);
                var q = Lanes.Bits(Vector128.Create(bytes, bytes >> 4).AsByte(), 0, 15).AsSByte();
                Lanes.Scale(to, Vector128.Shuffle(FourBitFloats.Vector, q), ScaleOf(from[sixteen]));
            }
    }
}
