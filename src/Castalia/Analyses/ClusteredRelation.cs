using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>A coefficient and its interval over texts.</summary>
/// <param name="N">Readings.</param>
/// <param name="Texts">Texts they come from.</param>
/// <param name="Value">The coefficient.</param>
/// <param name="Interval95">95 %, percentiles over texts drawn again.</param>
readonly record struct ClusteredFigure(int N, int Texts, double Value, Figure<Interval> Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Value };
}

/// <summary>How a figure goes with entropy over positions, intervals by text.</summary>
/// <param name="Pearson">r.</param>
/// <param name="Spearman">ρ.</param>
sealed record ClusteredRelation(Figure<ClusteredFigure> Pearson, Figure<ClusteredFigure> Spearman)
{
    /// <summary>Both correlations.</summary>
    public static ClusteredRelation Of(
        IReadOnlyList<double> figure, IReadOnlyList<double> entropy, IReadOnlyList<IReadOnlyList<int>> clusters, long seed, CancellationToken cancellation = default)
    {
        double[] x = [.. figure], y = [.. entropy];
        MidRanks ofX = new(x), ofY = new(y);
        return new(
            With(Correlation.Pearson(x, y), rows => PlainLine.Correlation(x, y, rows)),
            With(Correlation.Spearman(x, y), rows => Ranked(ofX.Of(rows), ofY.Of(rows))));

        Figure<ClusteredFigure> With(Figure<Association> whole, Func<ReadOnlySpan<int>, double> statistic) => whole.Value is { } w
            ? Figure<ClusteredFigure>.Of(new(w.N, clusters.Count, w.Coefficient, TextBootstrap.Of(clusters, statistic, seed, cancellation)))
            : Figure<ClusteredFigure>.Undefined(whole.UndefinedBecause!);
    }

    static double Ranked(double[] x, double[] y)
    {
        int[] all = [.. Enumerable.Range(0, x.Length)];
        return PlainLine.Correlation(x, y, all);
    }
}
