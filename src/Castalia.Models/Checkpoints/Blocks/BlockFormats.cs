using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>ggml's block formats, each in a file of its own: the definition, and the same by vectors.</summary>
/// <remarks>
/// Layout and order of operations are those of ggml's dequantize_row_… (ggml-org/llama.cpp, ggml/src/ggml-quants.c): products
/// left to right, every operation rounded to float32, nothing fused. The two paths give the same bits.
/// </remarks>
static unsafe class BlockFormats
{
    /// <summary>Whole blocks to float32, as fast as the machine allows.</summary>
    public static void Widen(DType type, byte* from, float* to, int blocks)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            Define(type, from, to, blocks);
            return;
        }
        switch (type)
        {
            case DType.Q4_0: Q4_0.Widen(from, to, blocks); break;
            case DType.Q4_1: Q4_1.Widen(from, to, blocks); break;
            case DType.Q5_0: Q5_0.Widen(from, to, blocks); break;
            case DType.Q5_1: Q5_1.Widen(from, to, blocks); break;
            case DType.Q8_0: Q8_0.Widen(from, to, blocks); break;
            case DType.Q2_K: Q2_K.Widen(from, to, blocks); break;
            case DType.Q3_K: Q3_K.Widen(from, to, blocks); break;
            case DType.Q4_K: Q4_K.Widen(from, to, blocks); break;
            case DType.Q5_K: Q5_K.Widen(from, to, blocks); break;
            case DType.Q6_K: Q6_K.Widen(from, to, blocks); break;
            case DType.IQ4_NL: IQ4_NL.Widen(from, to, blocks); break;
            case DType.IQ4_XS: IQ4_XS.Widen(from, to, blocks); break;
            case DType.IQ2_XXS: IQ2_XXS.Widen(from, to, blocks); break;
            case DType.IQ2_XS: IQ2_XS.Widen(from, to, blocks); break;
            case DType.IQ2_S: IQ2_S.Widen(from, to, blocks); break;
            case DType.IQ3_XXS: IQ3_XXS.Widen(from, to, blocks); break;
            case DType.IQ3_S: IQ3_S.Widen(from, to, blocks); break;
            case DType.IQ1_S: IQ1_S.Widen(from, to, blocks); break;
            case DType.IQ1_M: IQ1_M.Widen(from, to, blocks); break;
            case DType.TQ1_0: TQ1_0.Widen(from, to, blocks); break;
            case DType.TQ2_0: TQ2_0.Widen(from, to, blocks); break;
            case DType.MXFP4: MXFP4.Widen(from, to, blocks); break;
            case DType.NVFP4: NVFP4.Widen(from, to, blocks); break;
            case DType.Q1_0: Q1_0.Widen(from, to, blocks); break;
            case DType.Q2_0: Q2_0.Widen(from, to, blocks); break;
            default: throw NotABlock(type);
        }
    }

    /// <summary>Whole blocks to float32, from the definition.</summary>
    internal static void Define(DType type, byte* from, float* to, int blocks)
    {
        delegate*<byte*, float*, void> define = type switch
        {
            DType.Q4_0 => &Q4_0.Define,
            DType.Q4_1 => &Q4_1.Define,
            DType.Q5_0 => &Q5_0.Define,
            DType.Q5_1 => &Q5_1.Define,
            DType.Q8_0 => &Q8_0.Define,
            DType.Q2_K => &Q2_K.Define,
            DType.Q3_K => &Q3_K.Define,
            DType.Q4_K => &Q4_K.Define,
            DType.Q5_K => &Q5_K.Define,
            DType.Q6_K => &Q6_K.Define,
            DType.IQ4_NL => &IQ4_NL.Define,
            DType.IQ4_XS => &IQ4_XS.Define,
            DType.IQ2_XXS => &IQ2_XXS.Define,
            DType.IQ2_XS => &IQ2_XS.Define,
            DType.IQ2_S => &IQ2_S.Define,
            DType.IQ3_XXS => &IQ3_XXS.Define,
            DType.IQ3_S => &IQ3_S.Define,
            DType.IQ1_S => &IQ1_S.Define,
            DType.IQ1_M => &IQ1_M.Define,
            DType.TQ1_0 => &TQ1_0.Define,
            DType.TQ2_0 => &TQ2_0.Define,
            DType.MXFP4 => &MXFP4.Define,
            DType.NVFP4 => &NVFP4.Define,
            DType.Q1_0 => &Q1_0.Define,
            DType.Q2_0 => &Q2_0.Define,
            _ => throw NotABlock(type),
        };
        var (elements, bytes) = type.Block();
        for (int block = 0; block < blocks; block++) define(from + (long)block * bytes, to + (long)block * elements);
    }

    static ArgumentOutOfRangeException NotABlock(DType type) => new(nameof(type), type, "No block format.");
}
