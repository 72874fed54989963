namespace Castalia.Residual;

/// <summary>Everything read from one prompt.</summary>
sealed class PromptReadings
{
    /// <summary>Tokens of the prompt.</summary>
    public required int Tokens { get; init; }

    /// <summary>[layer][position].</summary>
    public required BlockReading[][] Blocks { get; init; }

    /// <summary>‖n‖ after the final norm, [position].</summary>
    public required double[] FinalNorm { get; init; }

    /// <summary>[position]; null where the logits were not asked for. The last position is always there.</summary>
    public required OutputReading?[] Outputs { get; init; }

    /// <summary>The same through final norm and unembedding at each block's resid_post, [layer][position]; null unless the logit lens was asked for.</summary>
    public OutputReading?[][]? Lens { get; init; }
}
