namespace Castalia.Analyses;

/// <summary>One reading of the last block: of a prompt's last token, or of one position of a text.</summary>
/// <param name="Text">Index of the prompt in its run; readings of one prompt depend on each other.</param>
/// <param name="Category">Category of the prompt; null where it has none.</param>
/// <param name="Length">Tokens read so far, this one included.</param>
/// <param name="Gain">‖h_L‖/‖h_{L−1}‖.</param>
/// <param name="Entropy">Of the prediction there, nats.</param>
/// <param name="TopProbability">Probability of the likeliest next token.</param>
/// <param name="AlignAttn">⟨attn_out, h⟩/‖h‖².</param>
/// <param name="AlignMlp">⟨mlp_out, h⟩/‖h‖².</param>
/// <param name="AttributionAttn">Attention's part of gain² − 1.</param>
/// <param name="AttributionMlp">The MLP's part; the two add up to gain² − 1.</param>
sealed record GainPoint(
    int Text, string? Category, int Length, double Gain, double Entropy, double TopProbability,
    double AlignAttn, double AlignMlp, double AttributionAttn, double AttributionMlp)
{
    /// <summary>Name of the prompt; null where it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>|gain − 1|.</summary>
    public double Distance => Math.Abs(Gain - 1);
}
