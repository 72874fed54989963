using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>A test that several means are equal.</summary>
/// <param name="N">Values of all groups.</param>
/// <param name="Groups">Groups.</param>
/// <param name="F">Variance between groups over variance within them.</param>
/// <param name="DfBetween">Groups − 1.</param>
/// <param name="DfWithin">Degrees of freedom of the denominator; Welch's are not whole.</param>
/// <param name="P">Upper tail of F.</param>
readonly record struct VarianceTest(int N, int Groups, double F, double DfBetween, double DfWithin, double P) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { F, DfBetween, DfWithin, P };
}

/// <summary>One-way analysis of variance: normal groups of equal variance.</summary>
static class Anova
{
    /// <summary>The test; undefined for fewer than two groups, an empty group, groups of one only, and where no group varies.</summary>
    /// <param name="groups">The values of each group.</param>
    public static Figure<VarianceTest> Of(IReadOnlyList<IReadOnlyList<double>> groups) =>
        SampleFlaw.OfGroups(groups) is { } flaw ? Figure<VarianceTest>.Undefined(flaw)
        : groups.All(Sample.IsConstant) && groups.Any(g => g.Count > 1)
            ? Figure<VarianceTest>.Undefined("no group varies within itself")
            : Of(groups, 0);

    /// <summary>The test of groups whose spread within is more than rounding.</summary>
    /// <param name="groups">The values of each group.</param>
    /// <param name="rounding">Largest rounding error of a value.</param>
    internal static Figure<VarianceTest> Of(IReadOnlyList<IReadOnlyList<double>> groups, double rounding)
    {
        var (n, between, within, _) = Squares.Of(groups);
        int dfBetween = groups.Count - 1, dfWithin = n - groups.Count;
        if (dfWithin == 0) return Figure<VarianceTest>.Undefined("every group has one value");
        if (within <= n * rounding * rounding) return Figure<VarianceTest>.Undefined("no group varies within itself");
        double f = between / dfBetween / (within / dfWithin);
        if (!double.IsFinite(f) || !double.IsNormal(within)) return Figure<VarianceTest>.Undefined(Pearson.OutOfRange);
        return Figure<VarianceTest>.Of(new(n, groups.Count, f, dfBetween, dfWithin, FisherF.Survival(f, dfBetween, dfWithin)));
    }
}

/// <summary>Whether groups vary equally: analysis of variance of distances to each group's median.</summary>
/// <remarks>Brown and Forsythe 1974 (JASA 69:364); Levene's test on medians.</remarks>
static class BrownForsythe
{
    /// <summary>Error of a distance to a median, relative to the largest value: one rounding of each.</summary>
    const double Rounding = 4.5e-16;

    /// <summary>The test; undefined as <see cref="Anova"/>, and where the distances do not vary within a group.</summary>
    /// <param name="groups">The values of each group.</param>
    public static Figure<VarianceTest> Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        if (SampleFlaw.OfGroups(groups) is { } flaw) return Figure<VarianceTest>.Undefined(flaw);
        var distances = Anova.Of([.. groups.Select(Distances)], Rounding * groups.SelectMany(g => g).Max(Math.Abs));
        return distances.UndefinedBecause == "no group varies within itself"
            ? Figure<VarianceTest>.Undefined("in no group do the distances to its median vary")
            : distances;
    }

    static double[] Distances(IReadOnlyList<double> group)
    {
        double[] sorted = [.. group];
        Array.Sort(sorted);
        double median = Describe.Quantile(sorted, 0.5);
        return [.. group.Select(x => Math.Abs(x - median))];
    }
}

/// <summary>Sums of squares of a one-way layout.</summary>
/// <param name="N">Values.</param>
/// <param name="Between">Σ nᵢ(x̄ᵢ − x̄)².</param>
/// <param name="Within">Σ (x − x̄ᵢ)².</param>
/// <param name="SizeSquares">Σ nᵢ².</param>
readonly record struct Squares(int N, double Between, double Within, double SizeSquares)
{
    public static Squares Of(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        int n = groups.Sum(g => g.Count);
        // A constant group's mean is its value: the mean of rounded sums would leave a spread of rounding.
        double[] means = [.. groups.Select(g => Sample.IsConstant(g) ? g[0] : Describe.Mean(g))];
        double grand = 0, between = 0, within = 0, sizes = 0;
        for (int g = 0; g < means.Length; g++) grand += groups[g].Count * (means[g] / n);
        for (int g = 0; g < means.Length; g++)
        {
            double size = groups[g].Count, d = means[g] - grand;
            between += size * d * d;
            sizes += size * size;
            foreach (double x in groups[g]) within += (x - means[g]) * (x - means[g]);
        }
        return new(n, between, within, sizes);
    }
}
