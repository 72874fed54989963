namespace Castalia.Residual;

/// <summary>The gain of a block in every convention in which one has been published.</summary>
public static class Gains
{
    /// <summary>Gain of block <paramref name="layer"/>, or of the last block under another reference point.</summary>
    /// <param name="prompt">The readings.</param>
    /// <param name="layer">Block index from 0; for FinalNorm and Penultimate the last block's.</param>
    /// <param name="point">Which norms are divided.</param>
    /// <param name="rule">Over which positions.</param>
    /// <param name="precision">To what each norm is rounded first.</param>
    /// <returns>The gain; null where it is undefined (one token without the first, one block's penultimate, a zero norm).</returns>
    public static double? Of(PromptReadings prompt, int layer, ReferencePoint point, PositionRule rule, NormPrecision precision) =>
        throw new NotImplementedException();

    /// <summary>Submodule gain of attention: mean ‖attn_out‖ over tokens divided by mean ‖attn_in‖ over tokens.</summary>
    public static double? Attention(PromptReadings prompt, int layer) => throw new NotImplementedException();

    /// <summary>Submodule gain of the MLP: mean ‖mlp_out‖ over tokens divided by mean ‖mlp_in‖ over tokens.</summary>
    public static double? Mlp(PromptReadings prompt, int layer) => throw new NotImplementedException();
}
