using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Ways to a p-value of Mann and Whitney's U.</summary>
enum MannWhitneyMethod
{
    /// <summary>Over all orders of both samples; only without ties.</summary>
    Exact,
    /// <summary>Normal approximation, variance corrected for ties.</summary>
    Normal,
    /// <summary>As <see cref="Normal"/>, the statistic moved by ½ towards its mean.</summary>
    NormalCorrected,
}

/// <summary>Mann and Whitney's test.</summary>
/// <param name="N1">Values of the first sample.</param>
/// <param name="N2">Values of the second.</param>
/// <param name="U">Pairs in which the first is larger, ties counted half.</param>
/// <param name="PTwoSided">p against a shift to either side.</param>
/// <param name="Method">How it was computed.</param>
readonly record struct RankSum(int N1, int N2, double U, double PTwoSided, MannWhitneyMethod Method) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { U, PTwoSided };
}

/// <summary>Whether values of one sample tend to be larger than those of another (Mann and Whitney 1947).</summary>
static class MannWhitney
{
    /// <summary>Exact where one sample has at most this many values and none are tied, if nobody asks for a method.</summary>
    public const int LargestExact = 8;

    /// <summary>The test: exact where one sample has at most 8 values and there are no ties, else <see cref="MannWhitneyMethod.NormalCorrected"/>.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">The other.</param>
    public static Figure<RankSum> Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        bool exact = Math.Min(first.Count, second.Count) <= LargestExact && Ranks.TieSum([.. first, .. second]) == 0;
        return Of(first, second, exact ? MannWhitneyMethod.Exact : MannWhitneyMethod.NormalCorrected);
    }

    /// <summary>The test by a given method; undefined where all values of both are equal, and by the exact one for ties.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">The other.</param>
    /// <param name="method">How p is computed.</param>
    public static Figure<RankSum> Of(IReadOnlyList<double> first, IReadOnlyList<double> second, MannWhitneyMethod method) => Statistic(first, second).Then(u =>
    {
        double n1 = first.Count, n2 = second.Count, n = n1 + n2, ties = Ranks.TieSum([.. first, .. second]), off = Math.Abs(u - n1 * n2 / 2);
        if (method == MannWhitneyMethod.Exact)
        {
            if (ties > 0) return Figure<RankSum>.Undefined("the exact distribution does not hold for tied values");
            if (n1 * n2 > 1e6) return Figure<RankSum>.Undefined(FormattableString.Invariant($"{n1:0} × {n2:0} values are too many to count orders of"));
            return Of(Math.Min(1, 2 * AtMost((int)(n1 * n2 / 2 - off), first.Count, second.Count)));
        }
        double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
        if (!(variance > 1e-9)) return Figure<RankSum>.Undefined("all values are equal");
        double half = method == MannWhitneyMethod.NormalCorrected ? 0.5 : 0;
        // Moved past its mean, the statistic says nothing: p = 1.
        return Of(off <= half ? 1 : StandardNormal.TwoSided((off - half) / Math.Sqrt(variance)));

        Figure<RankSum> Of(double p) => Figure<RankSum>.Of(new(first.Count, second.Count, u, p, method));
    });

    /// <summary>U of the first sample, from the sum of its ranks.</summary>
    internal static Figure<double> Statistic(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (TwoSample.Objection(first, second, 1) is { } why) return Figure<double>.Undefined(why);
        double[] ranks = Ranks.Of([.. first, .. second]);
        return Figure<double>.Of(ranks.Take(first.Count).Sum() - first.Count * (first.Count + 1.0) / 2);
    }

    /// <summary>P(U ≤ u) without ties, u at most half of n₁n₂.</summary>
    /// <remarks>
    /// U's counts are the coefficients of ∏ (1 − q^(n₂+i))/(1 − qⁱ), i = 1 … n₁; below half of n₁n₂ no division or subtraction loses digits
    /// that the sum would need. Each factor is divided by (n₂ + i)/i, so the coefficients are shares.
    /// </remarks>
    static double AtMost(int u, int n1, int n2)
    {
        if (n1 > n2) (n1, n2) = (n2, n1);
        double[] share = new double[u + 1];
        share[0] = 1;
        for (int i = 1; i <= n1; i++)
        {
            for (int k = u; k >= n2 + i; k--) share[k] -= share[k - n2 - i];
            for (int k = i; k <= u; k++) share[k] += share[k - i];
            for (int k = 0; k <= u; k++) share[k] *= (double)i / (n2 + i);
        }
        return share.Sum();
    }
}
