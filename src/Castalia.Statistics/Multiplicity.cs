namespace Castalia.Statistics;

/// <summary>Adjusted p-values of a family of tests, in the order given: below α, the test holds although it was one of many.</summary>
static class Multiplicity
{
    /// <summary>Holm (1979, Scand. J. Stat. 6:65): the chance of even one false discovery in the family stays below α, whatever the dependence.</summary>
    /// <param name="ps">p-values, each 0 to 1; may be none.</param>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> ps)
    {
        int[] order = Ascending(ps);
        double[] adjusted = new double[ps.Count];
        double most = 0;
        for (int rank = 0; rank < order.Length; rank++)
            adjusted[order[rank]] = most = Math.Max(most, Math.Min(1, (order.Length - rank) * ps[order[rank]]));
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg (1995, JRSS B 57:289): the expected share of false discoveries stays below α, if the tests are independent or positively dependent.</summary>
    /// <param name="ps">p-values, each 0 to 1; may be none.</param>
    public static IReadOnlyList<double> BenjaminiHochberg(IReadOnlyList<double> ps)
    {
        int[] order = Ascending(ps);
        double[] adjusted = new double[ps.Count];
        double least = 1;
        for (int rank = order.Length; rank >= 1; rank--)
            adjusted[order[rank - 1]] = least = Math.Min(least, ps[order[rank - 1]] * order.Length / rank);
        return adjusted;
    }

    /// <summary>The same over tests of which some are undefined: those count for nothing and stay undefined.</summary>
    /// <param name="ps">p-values or why there is none.</param>
    /// <param name="method"><see cref="Holm"/> or <see cref="BenjaminiHochberg"/>.</param>
    public static IReadOnlyList<Figure<double>> OfDefined(
        IReadOnlyList<Figure<double>> ps, Func<IReadOnlyList<double>, IReadOnlyList<double>> method)
    {
        var adjusted = method([.. ps.Where(p => p.Value is not null).Select(p => p.Value!.Value)]);
        int next = 0;
        return [.. ps.Select(p => p.Value is null ? p : Figure<double>.Of(adjusted[next++]))];
    }

    static int[] Ascending(IReadOnlyList<double> ps)
    {
        foreach (double p in ps)
            if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(ps), p, "A p-value lies between 0 and 1.");
        return [.. Enumerable.Range(0, ps.Count).OrderBy(i => ps[i])];
    }
}
