using Castalia.Wording;

namespace Castalia.Published;

/// <summary>Everything that <c>castalia published</c> says of a study, computed from its readings.</summary>
/// <param name="Study">The study.</param>
/// <param name="Figures">Of each of the eight models.</param>
/// <param name="Reproductions">Its published statistics beside the recomputed ones.</param>
/// <param name="Bounds">What gains below 1 say of direction, by model.</param>
/// <param name="Resolutions">What rounding leaves known of each gain, by model.</param>
/// <param name="Conventions">What the figures taken from <c>hidden_states</c> are.</param>
/// <param name="Crowding">What goes with the penultimate gain.</param>
/// <param name="PowerLaw">The exponent of the last MLP's gain.</param>
/// <param name="Causes">The four suspected causes.</param>
sealed record StudyReview(
    PublishedStudy Study, IReadOnlyList<StudyFigures> Figures, IReadOnlyList<Reproduction> Reproductions, IReadOnlyList<DirectionBound> Bounds,
    IReadOnlyList<(StudyModel Model, IReadOnlyList<GainResolution> Prompts)> Resolutions, IReadOnlyList<HiddenStateConvention> Conventions,
    CrowdingCheck Crowding, PowerLaw PowerLaw, IReadOnlyList<SuspectedCause> Causes)
{
    /// <summary>The review of a study.</summary>
    public static StudyReview Of(PublishedStudy study)
    {
        var figures = StudyFigures.Of(study);
        return new(
            study, figures, Reproduction.OfModels(figures), [.. study.Models.Select(DirectionBound.Of)],
            [.. study.Models.Select(m => (m, GainResolution.Of(m)))], HiddenStateConvention.Of(study), CrowdingCheck.Of(study),
            PowerLaw.Of(study.Scaling), SuspectedCause.All(figures));
    }
}

/// <summary>A part of the review.</summary>
enum StudyPart
{
    /// <summary>Gains, status, direction.</summary>
    Table,
    /// <summary>Gain and entropy.</summary>
    Bentov,
    /// <summary>What was called the last layer.</summary>
    Conventions,
    /// <summary>The power law over sizes.</summary>
    Scaling,
    /// <summary>What rounded norms can tell.</summary>
    Resolution,
    /// <summary>The suspected causes.</summary>
    Hypotheses,
}
