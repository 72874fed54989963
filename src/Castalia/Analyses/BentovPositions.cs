using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The Bentov relation over every position but the first of each prompt; errors and intervals by text.</summary>
/// <param name="Sample">The readings.</param>
/// <param name="Sides">On which side of 1 the gains lie.</param>
/// <param name="ShareBelow">Share of positions below 1, with its interval over texts.</param>
/// <param name="OfGain">Gain with entropy.</param>
/// <param name="OfDistance">|gain − 1| with entropy.</param>
/// <param name="GainLine">Line of gain on entropy, errors clustered by text.</param>
/// <param name="DistanceLine">The same of |gain − 1|.</param>
/// <param name="Crossing">The entropy at which the line of gain reaches 1.</param>
/// <param name="Adjustments">Slopes with position, category and certainty held fixed.</param>
/// <param name="NotHeldFixed">What this sample cannot hold fixed, with the reasons.</param>
/// <param name="Sublayers">Which sublayer carries the dependence.</param>
/// <param name="Bins">Gain against entropy in bins.</param>
sealed record BentovPositions(
    GainSample Sample, SignIdentity Sides, Figure<ClusteredFigure> ShareBelow, ClusteredRelation OfGain, ClusteredRelation OfDistance,
    Figure<FittedLine> GainLine, Figure<FittedLine> DistanceLine, Figure<Crossing> Crossing, IReadOnlyList<Adjustment> Adjustments,
    IReadOnlyList<string> NotHeldFixed, IReadOnlyList<SublayerSlopes> Sublayers, IReadOnlyList<EntropyBin> Bins)
{
    /// <summary>Whether the intercept of |gain − 1| is 0 ± 0.02.</summary>
    public Proportionality Proportionality => Proportionalities.Of(DistanceLine);

    /// <summary>Every figure of a sample of positions.</summary>
    /// <param name="sample">Readings of every position but the first of each prompt.</param>
    /// <param name="seed">Of the bootstraps.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static BentovPositions Of(GainSample sample, long seed, CancellationToken cancellation = default)
    {
        double[] gains = sample.Gains, distances = sample.Distances, entropies = sample.Entropies;
        var texts = sample.TextNames;
        var clusters = sample.Clusters;
        var line = FittedLine.Of(entropies, gains, texts);
        return new(
            sample,
            SignIdentity.Of(gains),
            Share(gains, clusters, seed, cancellation),
            ClusteredRelation.Of(gains, entropies, clusters, seed, cancellation),
            ClusteredRelation.Of(distances, entropies, clusters, seed, cancellation),
            line,
            FittedLine.Of(entropies, distances, texts),
            line.Value is { } l ? Analyses.Crossing.Clustered(entropies, gains, l, clusters, seed, cancellation) : Figure<Crossing>.Undefined(line.UndefinedBecause!),
            Adjustment.All(sample, texts),
            Adjustment.LeftOut(sample),
            SublayerSlopes.Both(sample, texts),
            EntropyBin.All(sample, seed, cancellation));
    }

    static Figure<ClusteredFigure> Share(double[] gains, IReadOnlyList<IReadOnlyList<int>> clusters, long seed, CancellationToken cancellation)
    {
        if (gains.Length == 0) return Figure<ClusteredFigure>.Undefined("there are no positions but the first of each prompt");
        int[] all = [.. Enumerable.Range(0, gains.Length)];
        return Figure<ClusteredFigure>.Of(new(gains.Length, clusters.Count, Below(all), TextBootstrap.Of(clusters, Below, seed, cancellation)));

        double Below(ReadOnlySpan<int> rows)
        {
            int below = 0;
            foreach (int row in rows) below += gains[row] < 1 ? 1 : 0;
            return below / (double)rows.Length;
        }
    }
}
