using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Two groups compared by their mean ranks.</summary>
/// <param name="First">Index of the first group, from 0.</param>
/// <param name="Second">Index of the second.</param>
/// <param name="Z">Mean rank of the first minus that of the second, over its standard error under equality.</param>
/// <param name="P">Two-sided, normal.</param>
/// <param name="PHolm">P adjusted by Holm for all pairs.</param>
readonly record struct DunnPair(int First, int Second, double Z, double P, double PHolm);

/// <summary>All pairs of groups.</summary>
/// <param name="N">Values of all groups.</param>
/// <param name="Pairs">Pairs in the order (0, 1), (0, 2), …, (1, 2), ….</param>
readonly record struct DunnTest(int N, IReadOnlyList<DunnPair> Pairs);

/// <summary>Which groups differ, after Kruskal–Wallis: Dunn's test (1964, Technometrics 6:241) with its correction for ties.</summary>
static class Dunn
{
    /// <summary>The pairs; undefined where <see cref="KruskalWallis"/> is.</summary>
    /// <param name="groups">The values of each group.</param>
    public static Figure<DunnTest> Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        var ranked = GroupRanks.Of(groups);
        if (ranked.Value is not { } r) return Figure<DunnTest>.Undefined(ranked.UndefinedBecause!);
        double n = r.N, variance = n * (n + 1) / 12 - r.TieSum / (12 * (n - 1));
        var pairs = new List<DunnPair>();
        for (int i = 0; i < groups.Count; i++)
        {
            for (int j = i + 1; j < groups.Count; j++)
            {
                double se = Math.Sqrt(variance * (1.0 / groups[i].Count + 1.0 / groups[j].Count));
                double z = (r.MeanRanks[i] - r.MeanRanks[j]) / se;
                pairs.Add(new(i, j, z, StandardNormal.TwoSided(z), double.NaN));
            }
        }
        var holm = Multiplicity.Holm([.. pairs.Select(p => p.P)]);
        return Figure<DunnTest>.Of(new(r.N, [.. pairs.Select((p, i) => p with { PHolm = holm[i] })]));
    }
}
