using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>One-way analysis of variance of groups whose variances may differ (Welch 1951, Biometrika 38:330).</summary>
static class WelchAnova
{
    /// <summary>The test; undefined for fewer than two groups and where a group has fewer than two values or does not vary.</summary>
    /// <param name="groups">The values of each group.</param>
    public static Figure<VarianceTest> Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        if (SampleFlaw.OfGroups(groups) is { } flaw) return Figure<VarianceTest>.Undefined(flaw);
        int k = groups.Count;
        double[] means = new double[k], weights = new double[k];
        for (int g = 0; g < k; g++)
        {
            if (groups[g].Count < 2) return Figure<VarianceTest>.Undefined($"group {g + 1} has one value and so no variance");
            if (Sample.IsConstant(groups[g])) return Figure<VarianceTest>.Undefined($"group {g + 1} does not vary");
            if (Describe.Sd(groups[g]).Value is not { } sd) return Figure<VarianceTest>.Undefined(Pearson.OutOfRange);
            means[g] = Describe.Mean(groups[g]);
            weights[g] = groups[g].Count / (sd * sd);
        }
        double total = weights.Sum(), grand = 0, between = 0, lambda = 0;
        for (int g = 0; g < k; g++) grand += weights[g] / total * means[g];
        for (int g = 0; g < k; g++)
        {
            between += weights[g] * (means[g] - grand) * (means[g] - grand);
            double rest = 1 - weights[g] / total;
            lambda += rest * rest / (groups[g].Count - 1);
        }
        double f = between / (k - 1) / (1 + 2.0 * (k - 2) / ((double)k * k - 1) * lambda);
        if (!double.IsFinite(f)) return Figure<VarianceTest>.Undefined(Pearson.OutOfRange);
        double df = ((double)k * k - 1) / (3 * lambda);
        return Figure<VarianceTest>.Of(new(groups.Sum(g => g.Count), k, f, k - 1, df, FisherF.Survival(f, k - 1, df)));
    }
}
