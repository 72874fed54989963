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
        var block = prompt.Blocks[layer];
        return point == ReferencePoint.FinalNorm
            ? Over(rule, prompt.Tokens, t => precision.Round(prompt.FinalNorm[t]), t => precision.Round(block[t].NormPre))
            : Over(rule, prompt.Tokens, t => precision.Round(block[t].NormPost), t => precision.Round(block[t].NormPre));
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
        var block = prompt.Blocks[layer][position];
        double gain = precision.Round(final ? prompt.FinalNorm[position] : block.NormPost) / precision.Round(block.NormPre);
        return double.IsFinite(gain) ? gain : null;
    }

    /// <summary>Submodule gain of attention: mean ‖attn_out‖ over tokens divided by mean ‖attn_in‖ over tokens; null where undefined.</summary>
    public static double? Attention(PromptReadings prompt, int layer) =>
        Over(PositionRule.RatioOfMeans, prompt.Tokens, t => prompt.Blocks[layer][t].NormAttnOut, t => prompt.Blocks[layer][t].NormAttnIn);

    /// <summary>Submodule gain of the MLP: mean ‖mlp_out‖ over tokens divided by mean ‖mlp_in‖ over tokens; null where undefined.</summary>
    public static double? Mlp(PromptReadings prompt, int layer) =>
        Over(PositionRule.RatioOfMeans, prompt.Tokens, t => prompt.Blocks[layer][t].NormMlpOut, t => prompt.Blocks[layer][t].NormMlpIn);

    /// <summary>One ratio of norms over the positions a rule names; null unless finite.</summary>
    static double? Over(PositionRule rule, int tokens, Func<int, double> after, Func<int, double> before)
    {
        int first = rule is PositionRule.MeanOfRatiosWithoutFirst or PositionRule.RatioOfMeansWithoutFirst ? 1 : 0;
        if (first >= tokens) return null;
        double gain = rule switch
        {
            PositionRule.Last => after(tokens - 1) / before(tokens - 1),
            PositionRule.First => after(0) / before(0),
            PositionRule.MeanOfRatios or PositionRule.MeanOfRatiosWithoutFirst =>
                Sum(first, tokens, t => after(t) / before(t)) / (tokens - first),
            PositionRule.RatioOfMeans or PositionRule.RatioOfMeansWithoutFirst =>
                Sum(first, tokens, after) / Sum(first, tokens, before),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
        return double.IsFinite(gain) ? gain : null;
    }

    static double Sum(int from, int to, Func<int, double> term)
    {
        double sum = 0;
        for (int t = from; t < to; t++) sum += term(t);
        return sum;
    }
}
