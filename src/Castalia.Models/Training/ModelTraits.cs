using Castalia.Architectures;

namespace Castalia.Training;

/// <summary>What a network to be trained is to be: a family's usual traits, and what is otherwise.</summary>
sealed record ModelTraits
{
    /// <summary>model_type of the family whose usual traits hold where nothing else is asked for.</summary>
    public required string Family { get; init; }

    /// <summary>Blocks.</summary>
    public required int NLayers { get; init; }

    /// <summary>Width of the stream.</summary>
    public required int DModel { get; init; }

    /// <summary>Query heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>Key/value heads; null for as many as query heads.</summary>
    public int? NKvHeads { get; init; }

    /// <summary>Inner width of the MLP; null for 4·d_model, of a gated one 8/3·d_model rounded up to a multiple of 16.</summary>
    public int? DFf { get; init; }

    /// <summary>Tokens.</summary>
    public required int DVocab { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public required int NCtx { get; init; }

    /// <summary>Wiring; null for the family's.</summary>
    public Wiring? Wiring { get; init; }

    /// <summary>Kind of norm; null for the family's.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>Learned positions; null for the family's.</summary>
    public bool? LearnedPositions { get; init; }

    /// <summary>Share of each head that turns; null for the family's.</summary>
    public double? RotaryFraction { get; init; }

    /// <summary>Shape of the MLP; null for the family's.</summary>
    public MlpKind? Mlp { get; init; }

    /// <summary>Nonlinearity; null for the family's.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Biases of queries, keys and values; null for the family's.</summary>
    public bool? QkvBias { get; init; }

    /// <summary>Bias of attention's output; null for the family's.</summary>
    public bool? AttnOutBias { get; init; }

    /// <summary>Biases of the MLP; null for the family's.</summary>
    public bool? MlpBias { get; init; }

    /// <summary>Bias of the unembedding; null for the family's.</summary>
    public bool? UnembeddingBias { get; init; }

    /// <summary>The unembedding is the embedding; null for the family's.</summary>
    public bool? Tied { get; init; }
}
