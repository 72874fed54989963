using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>MXFP4, 32 values: a byte e of scale, 16 bytes as in <see cref="Q4_0"/>; 2^(e − 128)·q, q of <see cref="FourBitFloats"/>.</summary>
/// <remarks>e = 255, no number in the Open Compute Project's definition, is 2¹²⁷ in ggml and here.</remarks>
static unsafe class MXFP4
{
    static float ScaleOf(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x00200000u << e : (uint)(e - 1) << 23);

    public static void Define(byte* block, float* values)
    {
        float d = ScaleOf(*block);
        for (int i = 0; i < 32; i++) values[i] = d * FourBitFloats.Doubled[block[1 + i % 16] >> i / 16 * 4 & 15];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        for (; blocks > 0; blocks--, from += 17, to += 32)
        {
            float d = ScaleOf(*from);
            var bytes = Lanes.Load(from + 1);
            Lanes.Scale(to, Vector128.Shuffle(FourBitFloats.Vector, Lanes.Bits(bytes, 0, 15).AsSByte()), d);
            Lanes.Scale(to + 16, Vector128.Shuffle(FourBitFloats.Vector, Lanes.Bits(bytes, 4, 15).AsSByte()), d);
        }
    }
}
