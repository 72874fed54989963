using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Kendall's τ_b and what it was counted from.</summary>
/// <param name="N">Pairs (x, y).</param>
/// <param name="Tau">τ_b (Kendall 1945): concordant minus discordant, over the geometric mean of what either side does not tie.</param>
/// <param name="Concordant">Two pairs in the same order on both sides.</param>
/// <param name="Discordant">Two pairs in opposite orders.</param>
/// <param name="IsUntied">Whether no value occurs twice on its side.</param>
/// <param name="PAsymptotic">Two-sided p by the normal approximation, its variance corrected for ties.</param>
readonly record struct KendallTau(int N, double Tau, long Concordant, long Discordant, bool IsUntied, double PAsymptotic)
{
    /// <summary>Most pairs whose orders are counted one by one: beyond, n! leaves the range of float64.</summary>
    const int MostExact = 170;

    /// <summary>SciPy's rule: exact without ties up to 33 pairs, or where at most one order differs; else normal.</summary>
    public bool ExactIsPreferred => IsUntied && N <= MostExact && (N <= 33 || Math.Min(Discordant, Concordant) <= 1);

    /// <summary>Two-sided p over all n! orders; undefined with ties and above 170 pairs.</summary>
    public Figure<double> PExact =>
        !IsUntied ? Figure<double>.Undefined("values are tied")
        : N > MostExact ? Figure<double>.Undefined($"n = {N} is above {MostExact}")
        : Figure<double>.Of(Math.Min(1, 2 * ShareWithAtMost(Math.Min(Discordant, Concordant))));

    /// <summary>τ_b of pairs; undefined below two pairs and where one side does not vary.</summary>
    /// <remarks>Counted in n log n steps (Knight 1966, JASA 61:436).</remarks>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<KendallTau> Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (Correlation.Flaw(x, y, fewest: 2) is { } flaw) return Figure<KendallTau>.Undefined(flaw);
        int n = x.Count;
        // -0.0 is to tie with 0.0, which == says and a comparison of tuples does not.
        (double X, double Y)[] pairs = [.. Enumerable.Range(0, n).Select(i => (x[i] + 0.0, y[i] + 0.0))];
        Array.Sort(pairs);
        double[] sortedX = [.. pairs.Select(p => p.X)], byX = [.. pairs.Select(p => p.Y)], sortedY = [.. byX];
        long both = 0;
        for (int start = 0, end; start < n; start = end)
        {
            end = start + 1;
            while (end < n && pairs[end] == pairs[start]) end++;
            both += (long)(end - start) * (end - start - 1) / 2;
        }
        long discordant = Inversions(byX, new double[n]), total = (long)n * (n - 1) / 2;
        Array.Sort(sortedY);
        Tied tiedX = Tied.Of(sortedX), tiedY = Tied.Of(sortedY);
        long concordant = total - (long)tiedX.Pairs - (long)tiedY.Pairs + both - discordant, difference = concordant - discordant;
        double tau = difference / Math.Sqrt(total - tiedX.Pairs) / Math.Sqrt(total - tiedY.Pairs);
        double m = (double)n * (n - 1), variance = (m * (2.0 * n + 5) - tiedX.Fives - tiedY.Fives) / 18 + 2 * tiedX.Pairs * tiedY.Pairs / m;
        if (n > 2) variance += tiedX.Triples * tiedY.Triples / (9 * m * (n - 2));
        return Figure<KendallTau>.Of(new(
            n, Math.Clamp(tau, -1, 1), concordant, discordant, tiedX.Pairs + tiedY.Pairs == 0,
            StandardNormal.TwoSided(difference / Math.Sqrt(variance))));
    }

    /// <summary>Pairs out of order, counted while sorting by merging.</summary>
    static long Inversions(Span<double> values, Span<double> scratch)
    {
        if (values.Length < 2) return 0;
        int middle = values.Length / 2, left = 0, right = middle;
        long count = Inversions(values[..middle], scratch[..middle]) + Inversions(values[middle..], scratch[middle..]);
        for (int i = 0; i < values.Length; i++)
        {
            if (right == values.Length || left < middle && values[left] <= values[right]) scratch[i] = values[left++];
            else
            {
                count += middle - left;
                scratch[i] = values[right++];
            }
        }
        scratch.CopyTo(values);
        return count;
    }

    /// <summary>Share of the n! orders with at most so many inversions: the counts of each n follow from those of n − 1 (Kendall 1938).</summary>
    double ShareWithAtMost(long inversions)
    {
        double[] share = new double[inversions + 1];
        share[0] = 1;
        for (int j = 2; j <= N; j++)
        {
            double[] next = new double[share.Length];
            double window = 0;
            for (int k = 0; k < next.Length; k++)
            {
                window += share[k];
                if (k >= j) window -= share[k - j];
                next[k] = window / j;
            }
            share = next;
        }
        return share.Sum();
    }

    readonly record struct Tied(double Pairs, double Triples, double Fives)
    {
        public static Tied Of(double[] sorted)
        {
            double pairs = 0, triples = 0, fives = 0;
            foreach (var (start, end) in Ranks.Ties(sorted))
            {
                double t = end - start;
                pairs += t * (t - 1) / 2;
                triples += t * (t - 1) * (t - 2);
                fives += t * (t - 1) * (2 * t + 5);
            }
            return new(pairs, triples, fives);
        }
    }
}
