using Castalia.Attribution;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What is kept as it was, whatever it reads: a sublayer of the changed block, or the final norm's factor.</summary>
enum Held
{
    /// <summary>Neither: the total effect.</summary>
    None,
    /// <summary>Attention.</summary>
    Attn,
    /// <summary>The MLP.</summary>
    Mlp,
    /// <summary>No sublayer, but by what the final norm multiplies the stream before its weight: a prediction as if its length did not matter.</summary>
    FinalNorm,
}

/// <summary>One change of activations: at a site of some blocks, at some positions, what becomes of a unit. What follows is computed from it.</summary>
sealed record Change
{
    /// <summary>Sites where activations may be changed.</summary>
    public static IReadOnlyList<ResidualSite> Places { get; } =
        [ResidualSite.AttnOut, ResidualSite.MlpOut, ResidualSite.Z, ResidualSite.MlpPost, ResidualSite.Pre, ResidualSite.Mid, ResidualSite.Post];

    /// <summary>The site; null for every one that the block has, which only rounding takes.</summary>
    public required ResidualSite? Site { get; init; }

    /// <summary>The blocks.</summary>
    public required BlockChoice Blocks { get; init; }

    /// <summary>The positions.</summary>
    public required PositionChoice Positions { get; init; }

    /// <summary>What of the site.</summary>
    public required Unit Unit { get; init; }

    /// <summary>What becomes of it.</summary>
    public required Deed Deed { get; init; }

    /// <summary>What is kept.</summary>
    public Held Held { get; init; }

    /// <summary>File and line, for messages.</summary>
    public required string Place { get; init; }
}

/// <summary>An intervention: changes made in one pass.</summary>
sealed record Intervention
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The changes, made in this order where they meet; none leave the pass as it was.</summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>File and line, for messages.</summary>
    public required string Place { get; init; }

    /// <summary>Seed by which its units were drawn; null where they were not.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Of a control chosen by length: largest difference between the mean length of what a unit writes and that of the unit it stands for, over the longer of the
    /// two; null where it is no such control.
    /// </summary>
    public double? LengthMismatch { get; init; }
}
