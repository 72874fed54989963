using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Wilcoxon's signed-rank test.</summary>
/// <param name="N">Values, those equal to the centre among them.</param>
/// <param name="Zeros">Values equal to the centre.</param>
/// <param name="WPositive">Sum of the ranks of values above the centre, ranked by distance from it.</param>
/// <param name="WNegative">Sum of the ranks of values below; the usual two-sided statistic is the smaller of both sums.</param>
/// <param name="PTwoSided">p against a centre on either side.</param>
/// <param name="PLess">p against values below.</param>
/// <param name="PGreater">p against values above.</param>
/// <param name="ZTwoSided">The normal deviate of the two-sided p, at or below 0; null where the method is exact.</param>
/// <param name="ZLess">The deviate of PLess; with continuity correction it differs from the next.</param>
/// <param name="ZGreater">The deviate of PGreater.</param>
/// <param name="Method">How the p-values were computed.</param>
readonly record struct SignedRank(
    int N, int Zeros, double WPositive, double WNegative, double PTwoSided, double PLess, double PGreater,
    double? ZTwoSided, double? ZLess, double? ZGreater, SignedRankMethod Method) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { PTwoSided, PLess, PGreater, ZTwoSided ?? 0, ZLess ?? 0, ZGreater ?? 0 };
}

/// <summary>The signed-rank test (Wilcoxon 1945): whether values lie symmetrically about a centre.</summary>
static class Wilcoxon
{
    /// <summary>Largest sample whose p is exact where nobody asks for a method.</summary>
    public const int LargestExact = 50;

    /// <summary>Beyond this the count of signs leaves float64; the normal approximation has long been good to three digits.</summary>
    const int LargestCounted = 1000;

    /// <summary>The test: exact for up to 50 values without ties and zeros, else <see cref="SignedRankMethod.Normal"/>.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">The centre of symmetry that is tested.</param>
    /// <remarks>
    /// Distances tie where they are equal as float64: of values with one decimal, 0.9 and 1.1 are not equally far from 1,
    /// because neither is stored exactly. So it is in the common packages, too.
    /// </remarks>
    public static Figure<SignedRank> SignedRank(IReadOnlyList<double> values, double centre)
    {
        bool exact = values.Count <= LargestExact && !values.Contains(centre) && !HasTies(values, centre);
        return SignedRank(values, centre, exact ? SignedRankMethod.Exact : SignedRankMethod.Normal);
    }

    /// <summary>The test by a given method; undefined where every value is the centre, and by the exact one for ties and zeros.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">The centre of symmetry that is tested.</param>
    /// <param name="method">How p is computed.</param>
    public static Figure<SignedRank> SignedRank(IReadOnlyList<double> values, double centre, SignedRankMethod method)
    {
        if (Sample.Objection(values, 1, "") is { } why) return Figure<SignedRank>.Undefined(why);
        int zeros = values.Count(x => x == centre);
        if (zeros == values.Count) return Figure<SignedRank>.Undefined("no value differs from the centre");
        bool pratt = method is SignedRankMethod.Pratt or SignedRankMethod.PrattCorrected;
        double[] differences = [.. values.Select(x => x - centre).Where(d => pratt || d != 0)];
        double[] distances = [.. differences.Select(Math.Abs)];
        double[] ranks = Ranks.Of(distances);
        double positive = 0, negative = 0;
        for (int i = 0; i < ranks.Length; i++)
        {
            if (differences[i] > 0) positive += ranks[i];
            if (differences[i] < 0) negative += ranks[i];
        }
        if (method == SignedRankMethod.Exact)
        {
            if (zeros > 0) return Figure<SignedRank>.Undefined("the exact distribution does not hold for values equal to the centre");
            if (Ranks.TieSum(distances) > 0) return Figure<SignedRank>.Undefined("the exact distribution does not hold for tied distances");
            if (ranks.Length > LargestCounted) return Figure<SignedRank>.Undefined($"n = {ranks.Length} is beyond {LargestCounted}, up to which signs are counted");
            double less = AtMost((int)positive, ranks.Length), greater = AtMost((int)negative, ranks.Length);
            return Figure<SignedRank>.Of(new(
                values.Count, zeros, positive, negative, Math.Min(1, 2 * Math.Min(less, greater)), less, greater, null, null, null, method));
        }
        // Zeros that were ranked are the lowest ranks: their share of mean and variance is that of a sample of as many.
        double n = ranks.Length, ranked = pratt ? zeros : 0;
        double mean = (n * (n + 1) - ranked * (ranked + 1)) / 4;
        double ties = Ranks.TieSum([.. distances.Where(d => d != 0)]);
        double sd = Math.Sqrt((n * (n + 1) * (2 * n + 1) - ranked * (ranked + 1) * (2 * ranked + 1) - ties / 2) / 24);
        double half = method is SignedRankMethod.NormalCorrected or SignedRankMethod.PrattCorrected ? 0.5 : 0, off = positive - mean;
        // Half a rank towards the mean, from which it cannot be less than that away unless it is there.
        double z = off == 0 ? 0 : -(Math.Abs(off) - half) / sd, zLess = (off + half) / sd, zGreater = (off - half) / sd;
        return Figure<SignedRank>.Of(new(
            values.Count, zeros, positive, negative, StandardNormal.TwoSided(z), StandardNormal.Cdf(zLess), StandardNormal.Survival(zGreater),
            z, zLess, zGreater, method));
    }

    static bool HasTies(IReadOnlyList<double> values, double centre) =>
        values.Select(x => Math.Abs(x - centre)).Distinct().Count() < values.Count;

    /// <summary>P(W ≤ w) for n untied values: the share of the 2ⁿ sets of ranks that sum to at most w. Only additions, so small tails keep their digits.</summary>
    static double AtMost(int w, int n)
    {
        int top = n * (n + 1) / 2;
        if (w >= top) return 1;
        // The upper half from the lower one, which is shorter.
        if (2 * w > top) return 1 - AtMost(top - w - 1, n);
        double[] share = new double[w + 1];
        share[0] = 1;
        for (int rank = 1; rank <= n; rank++)
            for (int sum = w; sum >= 0; sum--) share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0)) / 2;
        return share.Sum();
    }
}
