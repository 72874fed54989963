namespace Castalia.Statistics;

/// <summary>How alike the values of one group are.</summary>
/// <param name="N">Values of all groups.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Icc1">Share of the variance that lies between groups; below 0 where groups differ less than chance would have it.</param>
/// <param name="M0">Mean group size, corrected for unequal sizes: (n − Σmᵢ²/n)/(k − 1).</param>
/// <param name="DesignEffect">1 + (m₀ − 1)·ICC: how many grouped values are worth one independent value for a mean.</param>
readonly record struct IntraclassCorrelation(int N, int Groups, double Icc1, double M0, double DesignEffect) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Icc1, M0, DesignEffect };
}

/// <summary>Intraclass correlation.</summary>
static class Icc
{
    /// <summary>ICC(1) by one-way analysis of variance (Shrout and Fleiss 1979, Psychological Bulletin 86:420).</summary>
    /// <remarks>Undefined for fewer than two groups, an empty group, groups of one only, and values that are all equal.</remarks>
    /// <param name="groups">The values of each group.</param>
    public static Figure<IntraclassCorrelation> OneWay(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        if (SampleFlaw.OfGroups(groups) is { } flaw) return Figure<IntraclassCorrelation>.Undefined(flaw);
        var (n, between, within, sizes) = Squares.Of(groups);
        int k = groups.Count;
        if (n == k) return Figure<IntraclassCorrelation>.Undefined("every group has one value");
        if (groups.All(g => Sample.IsConstant(g) && g[0] == groups[0][0]))
            return Figure<IntraclassCorrelation>.Undefined("all values are equal");
        double msBetween = between / (k - 1), msWithin = within / (n - k), m0 = (n - sizes / n) / (k - 1);
        double icc = (msBetween - msWithin) / (msBetween + (m0 - 1) * msWithin);
        if (!double.IsFinite(icc) || !double.IsNormal(between + within)) return Figure<IntraclassCorrelation>.Undefined(Pearson.OutOfRange);
        return Figure<IntraclassCorrelation>.Of(new(n, k, icc, m0, 1 + (m0 - 1) * icc));
    }
}
