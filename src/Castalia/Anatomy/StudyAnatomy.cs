using Castalia.Published;
using Castalia.Statistics;

namespace Castalia.Anatomy;

/// <summary>A model of the published study: its facts, and what its last block was found to do.</summary>
/// <param name="Facts">The facts, from its config.</param>
/// <param name="MeanGain">Mean gain of the last block, by the block convention at the last token.</param>
/// <param name="Dampens">The interval of the mean lies below 1, and the t test stands after Holm over the models at 0.05.</param>
/// <param name="Expands">The same above 1.</param>
sealed record StudyAnatomy(AnatomyFacts Facts, double MeanGain, bool Dampens, bool Expands)
{
    const double Level = 0.05;

    static readonly Lazy<IReadOnlyList<StudyAnatomy>> Loaded = new(() => Of(StudyFigures.Of(PublishedStudy.Shipped)));

    /// <summary>The eight models of the study that comes with castalia, in its order.</summary>
    public static IReadOnlyList<StudyAnatomy> Shipped => Loaded.Value;

    /// <summary>Of the figures of a study.</summary>
    /// <param name="figures">The figures.</param>
    public static IReadOnlyList<StudyAnatomy> Of(IReadOnlyList<StudyFigures> figures) =>
    [
        .. figures.Select(f => new StudyAnatomy(
            StudyConfigs.Of(f.Model.Model).Facts(), f.Gain.Mean.Value!.Value, Is(f, GainStatus.Dampening), Is(f, GainStatus.Expansion))),
    ];

    static bool Is(StudyFigures f, GainStatus status) => f.Status == status && f.THolm.Value < Level;
}

/// <summary>A model of the study that speaks against a fact as the only cause of dampening.</summary>
/// <param name="Model">What it is called.</param>
/// <param name="Value">Its value of the fact, as text.</param>
/// <param name="MeanGain">Its mean gain.</param>
/// <param name="SharesDampenersValue">True: it has the value of the model that dampens, and expands. False: it has the value of another compared model, and dampens.</param>
sealed record CounterExample(string Model, string Value, double MeanGain, bool SharesDampenersValue)
{
    /// <summary>Those of the study's models that speak against a fact.</summary>
    /// <param name="key">The fact.</param>
    /// <param name="facts">Its values in the models compared.</param>
    /// <param name="models">The models compared.</param>
    /// <param name="dampening">The one of them that dampens.</param>
    /// <param name="study">The study's models.</param>
    internal static IReadOnlyList<CounterExample> Of(
        string key, IReadOnlyList<Fact> facts, IReadOnlyList<AnatomyFacts> models, StudyAnatomy dampening, IReadOnlyList<StudyAnatomy> study)
    {
        int at = Enumerable.Range(0, models.Count).First(i => models[i].Model == dampening.Facts.Model);
        object? itsValue = facts[at].Value;
        object?[] others = [.. facts.Select(fact => fact.Value).Where(value => !Equals(value, itsValue))];
        return
        [
            .. from one in study
               let fact = one.Facts.Find(key)
               where fact is { IsKnown: true } && one.Facts.Model != dampening.Facts.Model
               let shares = one.Expands && Equals(fact.Value, itsValue)
               where shares || (one.Dampens && others.Contains(fact.Value))
               select new CounterExample(one.Facts.Model, fact.Text, one.MeanGain, shares),
        ];
    }
}
