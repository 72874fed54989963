namespace Castalia.Statistics;

/// <summary>A dip test of unimodality.</summary>
/// <param name="N">Values.</param>
/// <param name="Dip">D: largest distance between the empirical distribution function and the unimodal one nearest to it; from 1/(2n) to 1/4.</param>
/// <param name="P">Share of uniform samples with a dip at least as large, (b + 1)/(m + 1) of m.</param>
/// <param name="Samples">m.</param>
/// <param name="ModeLow">Lower end of the modal interval.</param>
/// <param name="ModeHigh">Upper end.</param>
readonly record struct DipTest(int N, double Dip, double P, int Samples, double ModeLow, double ModeHigh) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Dip, P, ModeLow, ModeHigh };
}

/// <summary>Hartigan and Hartigan's dip test (1985, Annals of Statistics 13:70), computed as P. M. Hartigan gave it (1985, Applied Statistics 34:320, AS 217) with the two corrections of R's diptest.</summary>
/// <remarks>
/// The nearest unimodal function is convex to the left of a modal interval and concave to the right of it. The interval begins as the whole sample; within it, where the
/// least concave majorant stands furthest above the greatest convex minorant, their knots about that place become its ends, and outside it the minorant and the majorant are
/// what the sample departs from; until no place is further than what was found. Under the null hypothesis uniform samples have the largest dips.
/// </remarks>
static class HartiganDip
{
    /// <summary>Uniform samples behind a p-value.</summary>
    public const int Samples = 10_000;

    /// <summary>The test; undefined for fewer than four values, values that are all equal, or not finite.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="seed">Seed of the uniform samples.</param>
    /// <param name="samples">How many of them.</param>
    public static Figure<DipTest> Of(IReadOnlyList<double> values, long seed, int samples = Samples)
    {
        if (Sample.Objection(values, 4, "is fewer than the 4 that two modes take") is { } why) return Figure<DipTest>.Undefined(why);
        if (Sample.IsConstant(values)) return Figure<DipTest>.Undefined("all values are equal");
        double[] sorted = [.. values];
        Array.Sort(sorted);
        var (dip, low, high) = Statistic(sorted);
        int above = 0;
        var stream = new IndexStream(seed);
        double[] uniform = new double[sorted.Length];
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < uniform.Length; j++) uniform[j] = (stream.Next() >> 11) * (1.0 / (1L << 53));
            Array.Sort(uniform);
            if (Statistic(uniform).Dip >= dip) above++;
        }
        return Figure<DipTest>.Of(new(sorted.Length, dip, (above + 1.0) / (samples + 1.0), samples, sorted[low], sorted[high]));
    }

    /// <summary>D and the indices of the modal interval's ends.</summary>
    /// <param name="x">Ascending, at least four, not all equal.</param>
    internal static (double Dip, int Low, int High) Statistic(ReadOnlySpan<double> x)
    {
        int low = 0, high = x.Length - 1;
        double most = 1; // of 2nD: the step of the empirical function itself
        while (true)
        {
            List<int> convex = Hull(x, low, high, sign: 1), concave = Hull(x, low, high, sign: -1);
            var (distance, left, right) = Furthest(x, convex, concave);
            if (distance < most) break;
            for (int k = 0; k < convex.Count - 1 && convex[k] < left; k++) most = Math.Max(most, Departure(x, convex[k], convex[k + 1], 1));
            for (int k = concave.Count - 1; k > 0 && concave[k] > right; k--) most = Math.Max(most, Departure(x, concave[k - 1], concave[k], -1));
            if (left == low && right == high) break;
            (low, high) = (left, right);
        }
        return (most / (2.0 * x.Length), low, high);
    }

    /// <summary>Knots of the greatest convex minorant (sign 1) or the least concave majorant (−1) of the points (x, index).</summary>
    static List<int> Hull(ReadOnlySpan<double> x, int low, int high, int sign)
    {
        var knots = new List<int> { low };
        for (int i = low + 1; i <= high; i++)
        {
            while (knots.Count > 1)
            {
                int b = knots[^1], a = knots[^2];
                // The slope from a to b against the one from b to i, without dividing: of equal values both are infinite.
                double before = (x[i] - x[b]) * (b - a), after = (x[b] - x[a]) * (i - b);
                if (sign * before < sign * after) break;
                knots.RemoveAt(knots.Count - 1);
            }
            knots.Add(i);
        }
        return knots;
    }

    /// <summary>The largest distance between minorant and majorant at a knot of either, the step of the empirical function counted, and the knots about it.</summary>
    static (double Distance, int Left, int Right) Furthest(ReadOnlySpan<double> x, List<int> convex, List<int> concave)
    {
        if (convex.Count == 2 && concave.Count == 2) return (1, convex[0], concave[^1]);
        (double Distance, int Left, int Right) furthest = (0, convex[0], concave[^1]);
        int ix = 1, iv = 1; // the next knot of each
        while (ix < convex.Count - 1 || iv < concave.Count - 1)
        {
            int g = convex[ix], l = concave[iv];
            if (g > l)
            {
                int from = convex[ix - 1];
                double here = l - from + 1 - (x[l] - x[from]) * (g - from) / (x[g] - x[from]);
                if (here >= furthest.Distance) furthest = (here, from, l);
                iv++;
            }
            else
            {
                int from = concave[iv - 1];
                double here = (x[g] - x[from]) * (l - from) / (x[l] - x[from]) - (g - from - 1);
                if (here >= furthest.Distance) furthest = (here, g, l);
                ix++;
            }
            (ix, iv) = (Math.Min(ix, convex.Count - 1), Math.Min(iv, concave.Count - 1));
            if (convex[ix] == concave[iv]) break;
        }
        return furthest;
    }

    /// <summary>How far the empirical function stands above the minorant (sign 1), or below the majorant (−1), between two knots; at least its step.</summary>
    static double Departure(ReadOnlySpan<double> x, int from, int to, int sign)
    {
        double most = 1;
        if (to - from <= 1 || x[to] == x[from]) return most;
        double slope = (to - from) / (x[to] - x[from]);
        for (int i = from; i <= to; i++) most = Math.Max(most, sign * (i - from - (x[i] - x[from]) * slope) + 1);
        return most;
    }
}
