using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>What a Kruskal–Wallis test says of several groups.</summary>
/// <param name="N">Values of all groups.</param>
/// <param name="Groups">Groups.</param>
/// <param name="H">The statistic, divided by its tie correction.</param>
/// <param name="Df">Groups − 1.</param>
/// <param name="P">Upper tail of χ² with <paramref name="Df"/>: an approximation, rough for groups of fewer than five.</param>
/// <param name="EpsilonSquared">Share of the ranks' variance between groups, H (n + 1)/(n² − 1); 0 to 1.</param>
readonly record struct KruskalWallisTest(int N, int Groups, double H, int Df, double P, double EpsilonSquared) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { H, P, EpsilonSquared };
}

/// <summary>Whether one of several groups tends to larger values: ranks, so no normality is assumed.</summary>
/// <remarks>Kruskal and Wallis 1952 (JASA 47:583); the effect size is Tomczak and Tomczak's ε² (2014).</remarks>
static class KruskalWallis
{
    /// <summary>The test; undefined for fewer than two groups, an empty group, and values that are all equal.</summary>
    /// <param name="groups">The values of each group.</param>
    public static Figure<KruskalWallisTest> Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        var ranked = GroupRanks.Of(groups);
        if (ranked.Value is not { } r) return Figure<KruskalWallisTest>.Undefined(ranked.UndefinedBecause!);
        double n = r.N, between = 0;
        for (int g = 0; g < groups.Count; g++)
        {
            double deviation = r.MeanRanks[g] - (n + 1) / 2;
            between += groups[g].Count * deviation * deviation;
        }
        double h = 12 / (n * (n + 1)) * between / (1 - r.TieSum / (n * n * n - n));
        int df = groups.Count - 1;
        return Figure<KruskalWallisTest>.Of(
            new(r.N, groups.Count, h, df, ChiSquared.Survival(h, df), h * (n + 1) / (n * n - 1)));
    }
}

/// <summary>Mean ranks of groups among all values, and the correction for ties.</summary>
readonly record struct GroupRanks(int N, double[] MeanRanks, double TieSum)
{
    public static Figure<GroupRanks> Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        if (SampleFlaw.OfGroups(groups) is { } flaw) return Figure<GroupRanks>.Undefined(flaw);
        double[] all = [.. groups.SelectMany(g => g)];
        if (Sample.IsConstant(all)) return Figure<GroupRanks>.Undefined("all values are equal");
        double[] ranks = Ranks.Of(all), means = new double[groups.Count];
        for (int g = 0, at = 0; g < groups.Count; at += groups[g].Count, g++)
            means[g] = Describe.Mean(ranks[at..(at + groups[g].Count)]);
        return Figure<GroupRanks>.Of(new(all.Length, means, Ranks.TieSum(all)));
    }
}
