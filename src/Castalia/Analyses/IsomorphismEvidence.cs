using Castalia.Derivatives;
using Castalia.Runs;

namespace Castalia.Analyses;

/// <summary>What a block is near the pass of one prompt, as far as other sciences ask; NaN where undefined.</summary>
/// <param name="Gain">‖h′‖/‖h‖.</param>
/// <param name="CosTheta">Cosine of h′ − h and h.</param>
/// <param name="SetPoint">S = r/(2|cos θ|); NaN where cos θ is not below 0.</param>
/// <param name="KappaAttn">κ of attention.</param>
/// <param name="KappaMlp">κ of the MLP.</param>
/// <param name="LawDeparture">Of G(s) from the quadratic law, root mean square over s.</param>
/// <param name="LeadingLog">ln σ₁, nats.</param>
/// <param name="LogAbsDet">ln|det J|, nats.</param>
/// <param name="ParticipationBefore">Inverse participation ratio of h.</param>
/// <param name="ParticipationAfter">The same of h′.</param>
readonly record struct MapReading(
    double Gain, double CosTheta, double SetPoint, double KappaAttn, double KappaMlp, double LawDeparture, double LeadingLog, double LogAbsDet, double ParticipationBefore, double ParticipationAfter)
{
    /// <summary>Of a block that was just read.</summary>
    public static MapReading Of(BlockDynamics b) => new(
        b.Gain, b.CosTheta, b.SetPoint, b.KappaAttn ?? double.NaN, b.KappaMlp ?? double.NaN, Recoveries.FromLaw(b.Recovery), b.Spectrum.LeadingLog, b.Spectrum.LogAbsDet, b.ParticipationBefore, b.ParticipationAfter);
}

/// <summary>Gains of the last block with a share of its heads left, the others scaled up.</summary>
/// <param name="Share">Heads left over heads.</param>
/// <param name="Gains">By prompt, means over draws.</param>
readonly record struct HeadsLeft(double Share, IReadOnlyList<double> Gains);

/// <summary>What the isomorphisms of one model are computed from: a run just made, or whatever stored runs hold of it.</summary>
sealed record IsomorphismEvidence
{
    /// <summary>Width of the stream.</summary>
    public required int Width { get; init; }

    /// <summary>The last block that was read as a map, by prompt; empty where none was.</summary>
    public required IReadOnlyList<MapReading> Last { get; init; }

    /// <summary>S by prompt and block, NaN where cos θ is not below 0.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> SetPoints { get; init; }

    /// <summary>Common-mode rejection of the last block by prompt; empty where there were no reference texts.</summary>
    public IReadOnlyList<double> CommonMode { get; init; } = [];

    /// <summary>Gains with fewer heads, from all to none; empty without such interventions.</summary>
    public IReadOnlyList<HeadsLeft> Heads { get; init; } = [];

    /// <summary>Of a run just made, which has neither reference texts nor interventions.</summary>
    public static IsomorphismEvidence Of(DynamicRun run) => new()
    {
        Width = run.Model.Measurement.Architecture.DModel,
        Last = [.. run.Prompts.Select(blocks => MapReading.Of(blocks[^1]))],
        SetPoints = [.. run.Prompts.Select(blocks => blocks.Select(block => block.SetPoint).ToArray())],
    };
}
