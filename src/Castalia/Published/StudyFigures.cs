using Castalia.Statistics;

namespace Castalia.Published;

/// <summary>What the readings of one model say.</summary>
/// <param name="Model">The model.</param>
/// <param name="Gain">Mean, sd, median and BCa interval of its gains.</param>
/// <param name="T">t test of the gains against 1.</param>
/// <param name="THolm">Its two-sided p, Holm over the models.</param>
/// <param name="GainEntropy">Pearson's r of gain and entropy.</param>
/// <param name="GainEntropyHolm">Its p, Holm over the models.</param>
/// <param name="DeviationEntropy">Pearson's r of |gain − 1| and entropy: the Bentov relation.</param>
/// <param name="DeviationEntropyHolm">Its p, Holm over the models.</param>
/// <param name="GainEntropyRanks">Spearman's ρ of gain and entropy.</param>
/// <param name="Below">Prompts with a gain below 1.</param>
/// <param name="BelowShare95">Wilson 95 % interval of the share of such prompts.</param>
sealed record StudyFigures(
    StudyModel Model, Estimate Gain, Figure<TTest> T, Figure<double> THolm,
    Figure<Association> GainEntropy, Figure<double> GainEntropyHolm,
    Figure<Association> DeviationEntropy, Figure<double> DeviationEntropyHolm,
    Figure<Association> GainEntropyRanks, int Below, Figure<Interval> BelowShare95)
{
    /// <summary>Seed of the bootstrap behind every interval of a mean gain.</summary>
    public const long Seed = 1;

    /// <summary>Expansion, dampening or neutral, by the interval of the mean.</summary>
    public GainStatus Status => GainStatuses.Of(Gain.Interval95);

    /// <summary>Every gain lies below 1, so that |gain − 1| is 1 − gain.</summary>
    public bool AllBelow => Below == Model.Readings.Count;

    /// <summary>The figures of every model of a study.</summary>
    public static IReadOnlyList<StudyFigures> Of(PublishedStudy study)
    {
        var models = study.Models;
        Figure<TTest>[] t = [.. models.Select(m => OneSampleT.Of(m.Gains(), 1))];
        Figure<Association>[] gain = [.. models.Select(m => Correlation.Pearson(m.Gains(), m.Entropies()))];
        Figure<Association>[] deviation = [.. models.Select(m => Correlation.Pearson(Deviations(m), m.Entropies()))];
        var tHolm = Holm(t, x => x.PTwoSided);
        var gainHolm = Holm(gain, x => x.P);
        var deviationHolm = Holm(deviation, x => x.P);
        return
        [
            .. models.Select((m, i) => new StudyFigures(
                m, Describe.Of(m.Gains(), Seed), t[i], tHolm[i], gain[i], gainHolm[i], deviation[i], deviationHolm[i],
                Correlation.Spearman(m.Gains(), m.Entropies()), m.Gains().Count(g => g < 1),
                Proportion.Wilson(m.Gains().Count(g => g < 1), m.Readings.Count))),
        ];
    }

    /// <summary>|gain − 1| of each prompt.</summary>
    static double[] Deviations(StudyModel model) => [.. model.Gains().Select(g => Math.Abs(g - 1))];

    static IReadOnlyList<Figure<double>> Holm<T>(Figure<T>[] tests, Func<T, double> p) where T : struct =>
        Multiplicity.OfDefined([.. tests.Select(t => t.Then(x => Figure<double>.Of(p(x))))], Multiplicity.Holm);
}
