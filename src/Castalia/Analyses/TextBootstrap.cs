using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>95 % percentile intervals over whole texts drawn again, for readings that depend on each other within a text.</summary>
static class TextBootstrap
{
    /// <summary>Resamples behind every interval.</summary>
    public const int Resamples = 10_000;

    /// <summary>Below this many texts intervals by text are too narrow (Cameron and Miller 2015, J. Human Resources 50:317, put the line at 20 to 50).</summary>
    public const int FewTexts = 40;

    /// <summary>The interval of a statistic of the rows; undefined below two texts, and where the statistic of a resample is undefined.</summary>
    public static Figure<Interval> Of(IReadOnlyList<IReadOnlyList<int>> clusters, Func<ReadOnlySpan<int>, double> statistic, long seed, CancellationToken cancellation)
    {
        if (clusters.Count < 2) return Figure<Interval>.Undefined($"{clusters.Count} text cannot be drawn again");
        var result = ClusterBootstrap.Of(clusters, statistic, Resamples, seed, threads: null, cancellation);
        return result.Value is { } r ? Figure<Interval>.Of(r.Percentile) : Figure<Interval>.Undefined(result.UndefinedBecause!);
    }
}
