namespace Castalia.Residual;

/// <summary>A place in a block where activations are read; names as in the golden files and TransformerLens.</summary>
enum ResidualSite
{
    /// <summary>resid_pre: the stream entering the block, [position × d_model].</summary>
    Pre,
    /// <summary>attn_in: what attention reads, after its norm, [position × d_model].</summary>
    AttnIn,
    /// <summary>z: input of attention's output projection, heads concatenated, [position × n_heads·head_dim].</summary>
    Z,
    /// <summary>attn_out: what attention adds to the stream, [position × d_model].</summary>
    AttnOut,
    /// <summary>resid_mid: the stream between attention and MLP, [position × d_model]; sequential blocks only.</summary>
    Mid,
    /// <summary>mlp_in: what the MLP reads, after its norm, [position × d_model].</summary>
    MlpIn,
    /// <summary>mlp_post: input of the down projection, [position × d_ff]; none in mixtures of experts.</summary>
    MlpPost,
    /// <summary>mlp_out: what the MLP adds to the stream, [position × d_model].</summary>
    MlpOut,
    /// <summary>resid_post: the stream leaving the block, [position × d_model].</summary>
    Post,
}

/// <summary>Over which positions of a prompt a gain is taken.</summary>
enum PositionRule
{
    /// <summary>The last token.</summary>
    Last,
    /// <summary>The first token.</summary>
    First,
    /// <summary>Mean over tokens of each token's ratio.</summary>
    MeanOfRatios,
    /// <summary>Mean norm over tokens divided by mean norm over tokens.</summary>
    RatioOfMeans,
    /// <summary>Mean of ratios, first token left out; undefined for one token.</summary>
    MeanOfRatiosWithoutFirst,
    /// <summary>Ratio of means, first token left out; undefined for one token.</summary>
    RatioOfMeansWithoutFirst,
}

/// <summary>Which two norms a last-layer gain divides.</summary>
enum ReferencePoint
{
    /// <summary>‖h_L‖/‖h_{L−1}‖, the definition.</summary>
    Block,
    /// <summary>‖n‖/‖h_{L−1}‖, n after the final norm: Hugging Face's hidden_states[-1]/[-2].</summary>
    FinalNorm,
    /// <summary>‖h_{L−1}‖/‖h_{L−2}‖: Hugging Face's hidden_states[-2]/[-3]; undefined for one block.</summary>
    Penultimate,
}

/// <summary>To which type each norm is rounded before the ratio is taken in float64.</summary>
enum NormPrecision
{
    /// <summary>Not rounded: float32 stream, float64 accumulation.</summary>
    Float32,
    /// <summary>bfloat16, round to nearest even.</summary>
    BFloat16,
    /// <summary>binary16, round to nearest even.</summary>
    Float16,
}
