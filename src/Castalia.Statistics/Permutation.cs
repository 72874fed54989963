namespace Castalia.Statistics;

/// <summary>How often shuffled pairs are as strongly correlated as the real ones.</summary>
/// <param name="N">Pairs.</param>
/// <param name="Coefficient">The correlation observed.</param>
/// <param name="P">Two-sided: share of orders whose |coefficient| reaches the observed one, which is counted among them.</param>
/// <param name="Permutations">Orders looked at.</param>
/// <param name="Exact">Whether these are all n! orders; otherwise drawn ones, and P = (b + 1)/(m + 1), b of m reaching it.</param>
readonly record struct PermutationTest(int N, double Coefficient, double P, long Permutations, bool Exact);

/// <summary>Permutation p of a correlation: no distribution is assumed, only that under no association every order is as likely.</summary>
/// <remarks>
/// All orders up to eight pairs, drawn ones above (Phipson and Smyth 2010, SAGMB 9:39, for the + 1). An order ties with the
/// observed one within 1e-12. Undefined where <see cref="Correlation"/> is.
/// </remarks>
static class Permutation
{
    /// <summary>Most pairs of which all orders are looked at: 8! = 40,320.</summary>
    public const int MostEnumerated = 8;

    const double Tie = 1e-12;

    /// <summary>For Pearson's r.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="permutations">How many orders to draw above eight pairs.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Threads at most; null for all processors. The bits do not depend on it.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<PermutationTest> PearsonP(
        IReadOnlyList<double> x, IReadOnlyList<double> y, int permutations, long seed, int? threads = null, CancellationToken cancellation = default) =>
        Correlation.Flaw(x, y) is { } flaw ? Figure<PermutationTest>.Undefined(flaw) : Of(x, y, permutations, seed, threads, cancellation);

    /// <summary>For Spearman's ρ.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="permutations">How many orders to draw above eight pairs.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Threads at most; null for all processors. The bits do not depend on it.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<PermutationTest> SpearmanP(
        IReadOnlyList<double> x, IReadOnlyList<double> y, int permutations, long seed, int? threads = null, CancellationToken cancellation = default) =>
        Correlation.Flaw(x, y) is { } flaw ? Figure<PermutationTest>.Undefined(flaw) : Of(Ranks.Of(x), Ranks.Of(y), permutations, seed, threads, cancellation);

    /// <summary>For Pearson's r with the groups' means taken out of both: values change places within their group only.</summary>
    /// <remarks>All orders where these are no more than 8!, drawn ones else. Undefined where the deviations of either do not vary.</remarks>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="groups">Group of each pair.</param>
    /// <param name="permutations">How many orders to draw where not all are looked at.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Threads at most; null for all processors. The bits do not depend on it.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<PermutationTest> PearsonPWithin(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<string> groups, int permutations, long seed, int? threads = null,
        CancellationToken cancellation = default)
    {
        if (Correlation.Flaw(x, y) is { } flaw) return Figure<PermutationTest>.Undefined(flaw);
        int[][] members = [.. Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).Select(group => group.ToArray())];
        if (!members.Any(group => group.Any(i => x[i] != x[group[0]])) || !members.Any(group => group.Any(i => y[i] != y[group[0]])))
            return Figure<PermutationTest>.Undefined("one of the two does not vary within the groups");
        return Of(WithoutMeans(x, members), WithoutMeans(y, members), members, permutations, seed, threads, cancellation);
    }

    static Figure<PermutationTest> Of(IReadOnlyList<double> x, IReadOnlyList<double> y, int permutations, long seed, int? threads, CancellationToken cancellation) =>
        Of(x, y, [[.. Enumerable.Range(0, x.Count)]], permutations, seed, threads, cancellation);

    static Figure<PermutationTest> Of(
        IReadOnlyList<double> x, IReadOnlyList<double> y, int[][] groups, int permutations, long seed, int? threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        int n = x.Count;
        var pearson = Pearson.Of(x, y);
        if (pearson.Value is not { } coefficient) return Figure<PermutationTest>.Undefined(pearson.UndefinedBecause!);
        double[] a = Standardised(x), b = Standardised(y);
        double observed = Math.Abs(Product(a, b));
        if (Orders(groups) <= Orders(MostEnumerated))
        {
            var (reach, all) = Enumerate(a, b, groups, 0, groups[0].Length, observed);
            return Figure<PermutationTest>.Of(new(n, coefficient, (double)reach / all, all, true));
        }
        long reached = 0;
        ResampleBlocks.Run(permutations, seed, threads, () => new double[n], (_, stream, shuffled) =>
        {
            b.CopyTo(shuffled, 0);
            foreach (int[] group in groups)
                for (int i = group.Length - 1; i > 0; i--)
                {
                    int j = stream.Below(i + 1);
                    (shuffled[group[i]], shuffled[group[j]]) = (shuffled[group[j]], shuffled[group[i]]);
                }
            if (Math.Abs(Product(a, shuffled)) >= observed - Tie) Interlocked.Increment(ref reached);
        }, cancellation);
        return Figure<PermutationTest>.Of(new(n, coefficient, (reached + 1.0) / (permutations + 1.0), permutations, false));
    }

    /// <summary>n!, as a double, which need not be exact where it is large.</summary>
    static double Orders(int n) => Enumerable.Range(1, n).Aggregate(1.0, (product, i) => product * i);

    static double Orders(int[][] groups) => groups.Aggregate(1.0, (product, group) => product * Orders(group.Length));

    static double[] WithoutMeans(IReadOnlyList<double> values, int[][] groups)
    {
        double[] left = new double[values.Count];
        foreach (int[] group in groups)
        {
            double mean = Describe.Mean([.. group.Select(i => values[i])]);
            foreach (int i in group) left[i] = values[i] - mean;
        }
        return left;
    }

    /// <summary>Every order within the groups once: of the first <paramref name="length"/> values of a group each by a swap and taken back, then the next group.</summary>
    static (long Reached, long All) Enumerate(double[] a, double[] b, int[][] groups, int at, int length, double observed)
    {
        if (length == 1)
            return at + 1 < groups.Length ? Enumerate(a, b, groups, at + 1, groups[at + 1].Length, observed)
                : (Math.Abs(Product(a, b)) >= observed - Tie ? 1 : 0, 1);
        long reached = 0, all = 0;
        int last = groups[at][length - 1];
        for (int i = 0; i < length; i++)
        {
            int other = groups[at][i];
            (b[other], b[last]) = (b[last], b[other]);
            var (r, c) = Enumerate(a, b, groups, at, length - 1, observed);
            (b[other], b[last]) = (b[last], b[other]);
            (reached, all) = (reached + r, all + c);
        }
        return (reached, all);
    }

    /// <summary>Deviations from the mean, of norm 1: their products are correlations.</summary>
    static double[] Standardised(IReadOnlyList<double> values)
    {
        double mean = Describe.Mean(values), squares = values.Sum(v => (v - mean) * (v - mean));
        return [.. values.Select(v => (v - mean) / Math.Sqrt(squares))];
    }

    static double Product(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
