using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>How many rows, or which share of them, a condition holds of.</summary>
static class CountStatistic
{
    public static Statistic Count { get; } = new("count",
        "How many rows `where` holds of, of the n of which that is known; `unknown` is how many it is not known of. With `clusters`, how many of these the n come from.",
        ["where"], ["clusters"], ["n", "count", "unknown"], (test, sample) =>
        {
            var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
            return new(Counted(test, rows), notes);
        });

    public static Statistic Proportion { get; } = new("proportion",
        "The share of the n rows of which `where` is known that it holds of, with Wilson's 95 % interval. With `clusters`, percentiles over clusters " +
        "drawn again (10,000 resamples, seed 1); where all rows agree, Wilson's with clusters in place of rows.",
        ["where"], ["clusters"], ["n", "count", "unknown", "share", "low", "high"], Of);

    static Dictionary<string, Figure<double>> Counted(Measure test, MeasureRows rows)
    {
        bool?[] hold = rows.Hold(test.Where!.Condition);
        return new(test.Clusters is { } by ? new Dictionary<string, Figure<double>> { ["clusters"] = Figure<double>.Of(Known(rows, by, hold).Count) } : [])
        {
            ["n"] = Figure<double>.Of(hold.Count(h => h is not null)),
            ["count"] = Figure<double>.Of(hold.Count(h => h == true)),
            ["unknown"] = Figure<double>.Of(hold.Count(h => h is null)),
        };
    }

    /// <summary>Rows of each cluster of which the condition is known.</summary>
    static IReadOnlyList<IReadOnlyList<int>> Known(MeasureRows rows, Column by, bool?[] hold) =>
        [.. rows.Clusters(by).Select(cluster => cluster.Where(i => hold[i] is not null).ToArray()).Where(cluster => cluster.Length > 0)];

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        var fields = Counted(test, rows);
        int n = (int)fields["n"].Value!, count = (int)fields["count"].Value!;
        var interval = test.Clusters is { } by ? OverClusters(rows, by, rows.Hold(test.Where!.Condition), count, n) : Statistics.Proportion.Wilson(count, n);
        fields["share"] = n == 0 ? Figure<double>.Undefined("n = 0: there is nothing to take a share of") : Figure<double>.Of((double)count / n);
        fields["low"] = Part.Of(interval, i => i.Low);
        fields["high"] = Part.Of(interval, i => i.High);
        return new(fields, notes);
    }

    static Figure<Interval> OverClusters(MeasureRows rows, Column by, bool?[] hold, int count, int n)
    {
        var clusters = Known(rows, by, hold);
        if (count == 0 || count == n) return Statistics.Proportion.Wilson(count == 0 ? 0 : clusters.Count, clusters.Count); // no resample would differ
        return Part.OverClusters(clusters, drawn =>
        {
            int there = 0;
            foreach (int row in drawn) there += hold[row] == true ? 1 : 0;
            return (double)there / drawn.Length;
        });
    }
}
