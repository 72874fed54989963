namespace Castalia.Derivatives;

/// <summary>A block at one vector of one position, the others held: what stands at every place, and how norms and turns answer there; float64.</summary>
sealed record BlockPoint
{
    /// <summary>resid_pre, [d_model].</summary>
    public required double[] Pre { get; init; }

    /// <summary>The norm that attention reads through; null for none.</summary>
    public required NormSlope? AttnNorm { get; init; }

    /// <summary>Every query head.</summary>
    public required HeadPoint[] Heads { get; init; }

    /// <summary>Of queries, keys and values.</summary>
    public required (HeadTurn Query, HeadTurn Key, HeadTurn Value) Turns { get; init; }

    /// <summary>The norm that attention's output goes through; null for none.</summary>
    public required NormSlope? AttnPostNorm { get; init; }

    /// <summary>attn_out as it is added, [d_model].</summary>
    public required double[] AttnOut { get; init; }

    /// <summary>The norm that the MLP reads through; null for none, and where it reads what attention reads.</summary>
    public required NormSlope? MlpNorm { get; init; }

    /// <summary>The MLP, or the experts chosen, by index.</summary>
    public required MlpPoint[] Mlps { get; init; }

    /// <summary>The norm that the MLP's output goes through; null for none.</summary>
    public required NormSlope? MlpPostNorm { get; init; }

    /// <summary>mlp_out as it is added, [d_model].</summary>
    public required double[] MlpOut { get; init; }

    /// <summary>resid_post, [d_model].</summary>
    public required double[] Post { get; init; }

    /// <summary>Experts chosen.</summary>
    public int[] Chosen => [.. Mlps.Select(mlp => mlp.Expert)];
}
