using Castalia.Architectures;
using Castalia.Statistics;

namespace Castalia.Published;

/// <summary>A feature suspected of making last blocks dampen, tried on the eight models.</summary>
/// <remarks>
/// Refuted as the cause by one model that has it and expands, or lacks it and dampens; a status counts where the interval of the mean excludes 1
/// and the t test stands after Holm over the models.
/// </remarks>
/// <param name="Id">Short name: study-h1 to study-h4.</param>
/// <param name="Title">What is claimed.</param>
/// <param name="With">Models that have the feature.</param>
/// <param name="ExpandWith">Those of them that expand.</param>
/// <param name="DampenWith">Those of them that dampen.</param>
/// <param name="Without">Models known to lack it.</param>
/// <param name="DampenWithout">Those of them that dampen.</param>
/// <param name="Unknown">Models of which it is not known.</param>
sealed record SuspectedCause(
    string Id, string Title, IReadOnlyList<StudyFigures> With, IReadOnlyList<StudyFigures> ExpandWith, IReadOnlyList<StudyFigures> DampenWith,
    IReadOnlyList<StudyFigures> Without, IReadOnlyList<StudyFigures> DampenWithout, IReadOnlyList<string> Unknown)
{
    const double Level = 0.05;

    /// <summary>Models that speak against it.</summary>
    public IReadOnlyList<StudyFigures> CounterExamples => [.. ExpandWith, .. DampenWithout];

    /// <summary>A counter-example was found.</summary>
    public bool IsFalsified => CounterExamples.Count > 0;

    /// <summary>The counter-example whose mean lies nearest to 1; null without one.</summary>
    public StudyFigures? Weakest => CounterExamples.MinBy(f => Math.Abs(f.Gain.Mean.Value!.Value - 1));

    /// <summary>The four that the study tried: norm, wiring, positions, corpus.</summary>
    public static IReadOnlyList<SuspectedCause> All(IReadOnlyList<StudyFigures> figures) =>
    [
        Of("study-h1", "LayerNorm makes the last block dampen", figures, m => m.Norm == NormKind.LayerNorm),
        Of("study-h2", "Parallel attention makes the last block dampen", figures, m => m.Wiring != Wiring.Sequential),
        Of("study-h3", "Rotary positions make the last block dampen", figures, m => m.RotaryDims is not null),
        Of("study-h4", "Training on The Pile makes the last block dampen", figures, m => m.Card.Words("corpus") is { } corpus ? corpus == "The Pile" : null),
    ];

    static SuspectedCause Of(string id, string title, IReadOnlyList<StudyFigures> figures, Func<ModelFacts, bool?> has)
    {
        ILookup<bool?, StudyFigures> split = figures.ToLookup(f => has(ModelFacts.Of(f.Model.Model)));
        return new(
            id, title, [.. split[true]], [.. split[true].Where(Is(GainStatus.Expansion))], [.. split[true].Where(Is(GainStatus.Dampening))],
            [.. split[false]], [.. split[false].Where(Is(GainStatus.Dampening))], [.. split[null].Select(f => f.Model.Model)]);
    }

    static Func<StudyFigures, bool> Is(GainStatus status) => f => f.Status == status && f.THolm.Value < Level;
}
