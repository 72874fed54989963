using Castalia.Architectures;
using static Castalia.Anatomy.DescriptionFacts;

namespace Castalia.Anatomy;

/// <summary>How a block is wired, how many norms it has and what each of them reads.</summary>
static class WiringFacts
{
    public static IEnumerable<Fact> Of(Architecture a)
    {
        string[] reads = [.. Reads(a)];
        return
        [
            Fact("wiring", "wiring of a block", FactGroup.Wiring, Word(a.Wiring)),
            Fact("norm_placement", "where its norms stand", FactGroup.Wiring, Word(a.NormPlacement)),
            Fact("norms_per_block", "norms of the stream in a block", FactGroup.Wiring, (long)reads.Length) with { Follows = FromWiring },
            Fact("norm_reads", "what they read", FactGroup.Wiring, string.Join("; ", reads)) with { Follows = FromWiring },
            Fact("norm", "kind of every norm", FactGroup.Norms, Word(a.Norm)),
            Fact("norm_epsilon", "ε of every norm", FactGroup.Norms, a.NormEpsilon),
            Fact("norm_gain", "norms have a gain", FactGroup.Norms, a.Tensors.ContainsKey(WeightRole.FinalNorm)),
            Fact("norm_bias", "norms have a bias", FactGroup.Norms, a.Tensors.ContainsKey(WeightRole.FinalNormBias)),
            Fact("norm_gain_plus_one", "the gain is 1 + the stored weight", FactGroup.Norms, a.NormWeightPlusOne),
            Fact("embedding_norm", "norm of the embedding before the first block", FactGroup.Norms, a.Tensors.ContainsKey(WeightRole.EmbeddingNorm)),
            Fact("final_norm", "norm before the unembedding", FactGroup.Norms, Word(a.Norm)) with { Follows = new("as every norm", "norm") },
        ];
    }

    static readonly FactRule FromWiring = new("by wiring and placement", "wiring", "norm_placement");

    /// <summary>One entry for each norm of a block: what goes into it.</summary>
    static IEnumerable<string> Reads(Architecture a)
    {
        if (a.NormPlacement != NormPlacement.After)
        {
            string mlp = a.Wiring == Wiring.Sequential ? "resid_mid" : "resid_pre";
            if (a.Wiring == Wiring.ParallelOneNorm) yield return "before attention and MLP: resid_pre";
            else
            {
                yield return "before attention: resid_pre";
                yield return $"before the MLP: {mlp}";
            }
        }
        if (a.NormPlacement == NormPlacement.Before) yield break;
        yield return "after attention: its output";
        yield return "after the MLP: its output";
    }

    static string Word(Wiring wiring) => wiring switch
    {
        Wiring.Sequential => "sequential",
        Wiring.ParallelTwoNorms => "parallel, two norms",
        Wiring.ParallelOneNorm => "parallel, one norm",
        _ => throw new ArgumentOutOfRangeException(nameof(wiring), wiring, null),
    };

    static string Word(NormPlacement placement) => placement switch
    {
        NormPlacement.Before => "before each sublayer",
        NormPlacement.After => "after each sublayer",
        NormPlacement.BeforeAndAfter => "before and after each sublayer",
        _ => throw new ArgumentOutOfRangeException(nameof(placement), placement, null),
    };

    static string Word(NormKind norm) => norm switch
    {
        NormKind.LayerNorm => "LayerNorm",
        NormKind.RmsNorm => "RMSNorm",
        _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, null),
    };
}
