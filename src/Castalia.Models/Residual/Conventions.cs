namespace Castalia.Residual;

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
