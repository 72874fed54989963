namespace Castalia.Residual;

/// <summary>The gain of a block in every convention in which one has been published.</summary>
static class Gains
{
    /// <summary>Gain of block <paramref name="layer"/>, or of the last block under another reference point.</summary>
    /// <param name="prompt">The readings.</param>
    /// <param name="layer">Block index from 0; for FinalNorm and Penultimate the last block's.</param>
    /// <param name="point">Which norms are divided.</param>
    /// <param name="rule">Over which positions.</param>
    /// <param name="precision">To what each norm is rounded first.</param>
    /// <returns>
    /// The gain; null where it is undefined: one token without the first, one block's penultimate, a norm that is 0 or
    /// that the precision cannot hold (above 65504 in binary16).
    /// </returns>
    public static double? Of(PromptReadings prompt, int layer, ReferencePoint point, PositionRule rule, NormPrecision precision)
    {
        int last = prompt.Blocks.Length - 1;
        if (point != ReferencePoint.Block && layer != last)
            throw new ArgumentException($"{point} is a convention of the last block, {last}, not of block {layer}.", nameof(layer));
        if (point == ReferencePoint.Penultimate && --layer < 0) return null;
        return Over(rule, prompt.Tokens, new BlockNorms(prompt.Blocks[layer], point == ReferencePoint.FinalNorm ? prompt.FinalNorm : null, precision));
    }

    /// <summary>The same at one position.</summary>
    /// <param name="prompt">The readings.</param>
    /// <param name="layer">Block index from 0; for FinalNorm and Penultimate the last block's.</param>
    /// <param name="point">Which norms are divided.</param>
    /// <param name="position">Position from 0.</param>
    /// <param name="precision">To what each norm is rounded first.</param>
    /// <returns>The gain; null where it is undefined.</returns>
    public static double? At(PromptReadings prompt, int layer, ReferencePoint point, int position, NormPrecision precision)
    {
        bool final = point == ReferencePoint.FinalNorm;
        if (point == ReferencePoint.Penultimate && --layer < 0) return null;
        ref readonly var block = ref prompt.Blocks[layer][position];
        double gain = precision.Round(final ? prompt.FinalNorm[position] : block.NormPost) / precision.Round(block.NormPre);
        return double.IsFinite(gain) ? gain : null;
    }

    /// <summary>Submodule gain of attention: mean ‖attn_out‖ over tokens divided by mean ‖attn_in‖ over tokens; null where undefined.</summary>
    public static double? Attention(PromptReadings prompt, int layer) => Over(PositionRule.RatioOfMeans, prompt.Tokens, new AttentionNorms(prompt.Blocks[layer]));

    /// <summary>Submodule gain of the MLP: mean ‖mlp_out‖ over tokens divided by mean ‖mlp_in‖ over tokens; null where undefined.</summary>
    public static double? Mlp(PromptReadings prompt, int layer) => Over(PositionRule.RatioOfMeans, prompt.Tokens, new MlpNorms(prompt.Blocks[layer]));

    /// <summary>One ratio of norms over the positions a rule names; null unless finite.</summary>
    static double? Over<TNorms>(PositionRule rule, int tokens, TNorms norms) where TNorms : struct, INorms
    {
        int first = rule is PositionRule.MeanOfRatiosWithoutFirst or PositionRule.RatioOfMeansWithoutFirst ? 1 : 0;
        if (first >= tokens) return null;
        double gain = rule switch
        {
            PositionRule.Last => norms.After(tokens - 1) / norms.Before(tokens - 1),
            PositionRule.First => norms.After(0) / norms.Before(0),
            PositionRule.MeanOfRatios or PositionRule.MeanOfRatiosWithoutFirst => MeanOfRatios(first, tokens, norms),
            PositionRule.RatioOfMeans or PositionRule.RatioOfMeansWithoutFirst => RatioOfSums(first, tokens, norms),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
        return double.IsFinite(gain) ? gain : null;
    }

    static double MeanOfRatios<TNorms>(int from, int to, TNorms norms) where TNorms : struct, INorms
    {
        double sum = 0;
        for (int t = from; t < to; t++) sum += norms.After(t) / norms.Before(t);
        return sum / (to - from);
    }

    static double RatioOfSums<TNorms>(int from, int to, TNorms norms) where TNorms : struct, INorms
    {
        double after = 0, before = 0;
        for (int t = from; t < to; t++)
        {
            after += norms.After(t);
            before += norms.Before(t);
        }
        return after / before;
    }

    /// <summary>What is divided at a position. Structs, so that millions of gains are taken without an object for each.</summary>
    interface INorms
    {
        double After(int t);

        double Before(int t);
    }

    readonly struct BlockNorms(BlockReading[] block, double[]? finalNorm, NormPrecision precision) : INorms
    {
        public double After(int t) => precision.Round(finalNorm is null ? block[t].NormPost : finalNorm[t]);

        public double Before(int t) => precision.Round(block[t].NormPre);
    }

    readonly struct AttentionNorms(BlockReading[] block) : INorms
    {
        public double After(int t) => block[t].NormAttnOut;

        public double Before(int t) => block[t].NormAttnIn;
    }

    readonly struct MlpNorms(BlockReading[] block) : INorms
    {
        public double After(int t) => block[t].NormMlpOut;

        public double Before(int t) => block[t].NormMlpIn;
    }
}
