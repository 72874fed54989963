using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The Bentov relation |gain − 1| ∝ entropy over the last tokens of one model's prompts (MEASUREMENT.md §5).</summary>
/// <param name="Sample">The readings.</param>
/// <param name="Sides">On which side of 1 the gains lie.</param>
/// <param name="OfGain">Gain with entropy.</param>
/// <param name="OfDistance">|gain − 1| with entropy.</param>
/// <param name="GainLine">Least-squares line of gain on entropy.</param>
/// <param name="DistanceLine">The same of |gain − 1|.</param>
/// <param name="Crossing">The entropy at which the line of gain reaches 1.</param>
/// <param name="Adjustments">Slopes with confounders held fixed.</param>
/// <param name="NotHeldFixed">Confounders that this sample cannot hold fixed, with the reasons.</param>
/// <param name="Sublayers">Which sublayer carries the dependence.</param>
/// <param name="Categories">r within each category.</param>
/// <param name="WithinCategories">r with the categories' means taken out.</param>
/// <param name="WithinCategoriesP">Its permutation p, over orders within the categories.</param>
sealed record BentovPrompts(
    GainSample Sample, SignIdentity Sides, Relation OfGain, Relation OfDistance, Figure<FittedLine> GainLine, Figure<FittedLine> DistanceLine,
    Figure<Crossing> Crossing, IReadOnlyList<Adjustment> Adjustments, IReadOnlyList<string> NotHeldFixed, IReadOnlyList<SublayerSlopes> Sublayers,
    IReadOnlyList<WithinCategory> Categories, Figure<Association> WithinCategories, Figure<PermutationTest> WithinCategoriesP)
{
    /// <summary>Whether the intercept of |gain − 1| is 0 ± 0.02.</summary>
    public Proportionality Proportionality => Proportionalities.Of(DistanceLine);

    /// <summary>Every figure of a sample of last tokens.</summary>
    /// <param name="sample">One reading per prompt.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="cancellation">Stops between permutations.</param>
    public static BentovPrompts Of(GainSample sample, long seed, CancellationToken cancellation = default)
    {
        double[] gains = sample.Gains, distances = sample.Distances, entropies = sample.Entropies;
        var line = FittedLine.Of(entropies, gains);
        return new(
            sample,
            SignIdentity.Of(gains),
            Relation.Of(gains, entropies, seed, cancellation),
            Relation.Of(distances, entropies, seed, cancellation),
            line,
            FittedLine.Of(entropies, distances),
            line.Value is { } l ? Analyses.Crossing.Of(entropies, gains, l) : Figure<Crossing>.Undefined(line.UndefinedBecause!),
            Adjustment.All(sample, null),
            Adjustment.LeftOut(sample),
            SublayerSlopes.Both(sample, null),
            WithinCategory.All(sample, seed, cancellation),
            WithinCategory.Pooled(sample),
            WithinCategory.PooledP(sample, seed, cancellation));
    }
}
