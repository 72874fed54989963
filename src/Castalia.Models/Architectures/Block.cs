using Castalia.Kernels;

namespace Castalia.Architectures;

/// <summary>Which normalisation a block reads the stream through.</summary>
public enum NormKind
{
    /// <summary>(x − mean)/√(variance + ε), biased variance, times weight, plus bias where there is one.</summary>
    LayerNorm,
    /// <summary>x/√(mean of squares + ε), times weight.</summary>
    RmsNorm,
}

/// <summary>Where the norms of attention and MLP stand.</summary>
enum NormPlacement
{
    /// <summary>On what the sublayer reads.</summary>
    Before,
    /// <summary>On what the sublayer gives, before it is added to the stream; the sublayer reads the stream itself: OLMo 2.</summary>
    After,
    /// <summary>On both: Gemma 2 and 3.</summary>
    BeforeAndAfter,
}

/// <summary>How attention and MLP of one block stand to each other.</summary>
public enum Wiring
{
    /// <summary>resid_mid = resid_pre + attn(norm₁(resid_pre)); resid_post = resid_mid + mlp(norm₂(resid_mid)).</summary>
    Sequential,
    /// <summary>resid_post = resid_pre + attn(norm₁(resid_pre)) + mlp(norm₂(resid_pre)); no resid_mid.</summary>
    ParallelTwoNorms,
    /// <summary>resid_post = resid_pre + attn(norm(resid_pre)) + mlp(norm(resid_pre)), one norm for both; no resid_mid.</summary>
    ParallelOneNorm,
}

/// <summary>The shape of the MLP.</summary>
public enum MlpKind
{
    /// <summary>down(act(up(x))).</summary>
    Plain,
    /// <summary>down(act(gate(x)) ⊙ up(x)).</summary>
    Gated,
    /// <summary>Σ over the experts chosen for a token of its weight for the expert times down(act(gate(x)) ⊙ up(x)).</summary>
    Mixture,
}

/// <summary>A mixture of experts: softmax of router·x, the largest few, rescaled to sum to 1.</summary>
/// <param name="Experts">Experts of a block.</param>
/// <param name="PerToken">Experts a token goes through.</param>
sealed record Mixture(int Experts, int PerToken);

/// <summary>How queries and keys are normed after their projections and before they turn; by the kind of the block's norms.</summary>
enum QkNorm
{
    /// <summary>They are not.</summary>
    None,
    /// <summary>Each head by itself, all heads with one weight [head_dim]: Qwen 3, Gemma 3, Phi.</summary>
    EachHead,
    /// <summary>Each head by itself with a weight of its own: StableLM, Cohere.</summary>
    EachHeadOwnWeight,
    /// <summary>All heads as one vector, weight [n_heads·head_dim]: OLMo 2.</summary>
    AllHeads,
}

/// <summary>A penalty on distance in place of positions: score − slope·(i − j), slope 2^(−MaxBias·(h + 1)/n) of head h of n.</summary>
/// <remarks>
/// Press et al. 2021, arXiv 2108.12409. Where n is no power of two, the heads beyond the largest power of two below n take the
/// odd slopes of twice that power.
/// </remarks>
/// <param name="MaxBias">Exponent of the last slope.</param>
/// <param name="Scaled">The penalty is multiplied by the attention scale, as the scores are: Falcon.</param>
/// <param name="Times">How often it is added: twice in Falcon.</param>
/// <param name="InBFloat16">Slope, key position and their product are each rounded to bfloat16: Falcon.</param>
sealed record Alibi(double MaxBias, bool Scaled = false, int Times = 1, bool InBFloat16 = false)
{
    /// <summary>What a head's penalty grows by with a key's position, for positions from 0: slope·j, each rounded as the description says.</summary>
    /// <param name="slope">The head's slope.</param>
    /// <param name="positions">How many.</param>
    public float[] Grown(double slope, int positions) =>
        [.. Enumerable.Range(0, positions).Select(j => InBFloat16 ? BFloat16(BFloat16((float)slope) * BFloat16(j)) : (float)(slope * j))];

    /// <summary>To the nearest bfloat16, ties to even.</summary>
    static float BFloat16(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000);
    }

    /// <summary>Slope of every head.</summary>
    public double[] Slopes(int nHeads)
    {
        int power = 1;
        while (power * 2 <= nHeads) power *= 2;
        return [.. Enumerable.Range(0, nHeads).Select(h => h < power
            ? PowerOfTwo(-MaxBias * (h + 1) / power)
            : PowerOfTwo(-MaxBias * (2 * (h - power) + 1) / (2 * power)))];

        // Own exp, so that the slopes have the same bits on every machine.
        static double PowerOfTwo(double exponent) => Elementary.Exp(exponent * 0.6931471805599453);
    }
}

/// <summary>A learned vector of each position added to the embedding.</summary>
/// <param name="Offset">Row of the table that position 0 takes: 2 in OPT.</param>
sealed record LearnedPositions(int Offset);
