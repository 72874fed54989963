using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>How much of the variance between categories a change takes away.</summary>
static class SpreadStatistic
{
    public static Statistic Value { get; } = new("variance-gone",
        "The share of the variance between the means of the categories in `within` that `on` has and `of` no longer has, 1 − Var(of)/Var(on), n in the variance; " +
        "95 % percentiles over rows drawn again (10,000 resamples, seed 1). 1: all of it is gone; below 0: there is more.",
        ["of", "on", "within"], [], ["n", "share", "low", "high"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] after = rows.Numbers(test.Of!), before = rows.Numbers(test.On!);
        string[][] labels = [.. test.Within.Select(rows.Labels)];
        int[] group = new int[after.Length];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < group.Length; i++)
        {
            string label = string.Join('\n', labels.Select(of => of[i]));
            if (!known.TryGetValue(label, out group[i])) known[label] = group[i] = known.Count;
        }
        var estimate = ClusterBootstrap.Of(
            [.. Enumerable.Range(0, group.Length).Select(i => (IReadOnlyList<int>)[i])], drawn => Gone(drawn, after, before, group, known.Count), Describe.Resamples, seed: 1);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(after.Length),
            ["share"] = Part.Of(estimate, e => e.Estimate),
            ["low"] = Part.Of(estimate, e => e.Percentile.Low),
            ["high"] = Part.Of(estimate, e => e.Percentile.High),
        }, notes);
    }

    static double Gone(ReadOnlySpan<int> drawn, double[] after, double[] before, int[] group, int groups) => 1 - Between(drawn, after, group, groups) / Between(drawn, before, group, groups);

    /// <summary>Variance of the means of the groups that were drawn.</summary>
    static double Between(ReadOnlySpan<int> drawn, double[] values, int[] group, int groups)
    {
        Span<double> sums = groups <= 64 ? stackalloc double[groups] : new double[groups];
        Span<int> counts = groups <= 64 ? stackalloc int[groups] : new int[groups];
        sums.Clear();
        counts.Clear();
        foreach (int i in drawn)
        {
            sums[group[i]] += values[i];
            counts[group[i]]++;
        }
        double mean = 0, square = 0;
        int there = 0;
        for (int g = 0; g < groups; g++)
            if (counts[g] > 0) (mean, there) = (mean + (sums[g] /= counts[g]), there + 1);
        mean /= there;
        for (int g = 0; g < groups; g++)
            if (counts[g] > 0) square += (sums[g] - mean) * (sums[g] - mean);
        return square / there;
    }
}
