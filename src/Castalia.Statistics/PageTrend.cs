using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Page's test of an order of levels.</summary>
/// <param name="Levels">Levels.</param>
/// <param name="Blocks">Blocks.</param>
/// <param name="L">Σ over levels of the level's number, from 1, times the sum of its ranks within the blocks.</param>
/// <param name="PRising">P(L at least as large) if levels do not matter.</param>
/// <param name="PFalling">P(L at most as large).</param>
/// <param name="PTwoSided">Twice the smaller, at most 1.</param>
/// <param name="IsExact">Whether over all orders of the ranks within each block; else normal.</param>
readonly record struct PageTest(int Levels, int Blocks, double L, double PRising, double PFalling, double PTwoSided, bool IsExact) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { L, PRising, PFalling };
}

/// <summary>Whether readings rise, or fall, with the order of their levels: ranks within blocks, so neither normality nor equal steps are assumed.</summary>
/// <remarks>
/// Page 1963 (JASA 58:216). Exact up to ten levels: the sum over levels for one block over all orders of its ranks, tied ones their mean rank, and of the blocks by convolution. Above, the normal approximation with mean
/// n k (k + 1)²/4 and, of each block, variance Σ(j − j̄)² Σ(r − r̄)²/(k − 1), which allows for ties.
/// </remarks>
static class PageTrend
{
    const int MostExact = 10;

    /// <summary>The test; undefined for fewer than two levels, values that are not finite, and where every block's are all equal.</summary>
    /// <param name="blocks">Of each block, the readings in the order of the levels.</param>
    public static Figure<PageTest> Of(IReadOnlyList<IReadOnlyList<double>> blocks)
    {
        if (blocks.Count == 0) return Figure<PageTest>.Undefined("there are no blocks");
        int k = blocks[0].Count;
        if (k < 2) return Figure<PageTest>.Undefined("there is one level");
        for (int b = 0; b < blocks.Count; b++)
            if (SampleFlaw.Of(blocks[b], $"block {b + 1}") is { } flaw) return Figure<PageTest>.Undefined(flaw);
        if (blocks.All(Sample.IsConstant)) return Figure<PageTest>.Undefined("in every block all levels are equal");
        double[][] ranks = [.. blocks.Select(Ranks.Of)];
        double l = ranks.Sum(block => block.Select((rank, j) => (j + 1) * rank).Sum());
        var (rising, falling) = k <= MostExact ? Exact(ranks, l) : Normal(ranks, l);
        return Figure<PageTest>.Of(new(k, blocks.Count, l, rising, falling, Math.Min(1, 2 * Math.Min(rising, falling)), k <= MostExact));
    }

    /// <summary>Tails of L, what is given among both.</summary>
    /// <param name="ranks">Ranks of each block.</param>
    /// <param name="l">L; a multiple of ½.</param>
    internal static (double Rising, double Falling) Exact(IReadOnlyList<double[]> ranks, double l)
    {
        var known = new Dictionary<string, double[]>();
        double[] all = [1];
        foreach (double[] block in ranks)
        {
            int[] twice = [.. block.Order().Select(rank => (int)(2 * rank))];
            string key = string.Join(' ', twice);
            if (!known.TryGetValue(key, out double[]? one)) known[key] = one = OfOneBlock(twice);
            all = Convolved(all, one);
        }
        double rising = 0, falling = 0;
        for (int at = 0; at < all.Length; at++)
        {
            if (at >= 2 * l) rising += all[at];
            if (at <= 2 * l) falling += all[at];
        }
        return (Math.Min(1, rising), Math.Min(1, falling));
    }

    /// <summary>Probabilities of 2·Σ j r_j over all orders of the ranks, by which of them stand in the first places.</summary>
    static double[] OfOneBlock(int[] twice)
    {
        int k = twice.Length, most = Enumerable.Range(0, k).Sum(j => (j + 1) * twice[j]);
        double[][] placed = [.. Enumerable.Range(0, 1 << k).Select(_ => new double[most + 1])]; // [ranks placed, as bits][sum]
        placed[0][0] = 1;
        for (int set = 0; set < placed.Length - 1; set++)
        {
            int place = System.Numerics.BitOperations.PopCount((uint)set) + 1;
            double share = 1.0 / (k - place + 1);
            for (int i = 0; i < k; i++)
            {
                if ((set >> i & 1) == 1) continue;
                double[] to = placed[set | 1 << i];
                int step = place * twice[i];
                for (int sum = 0; sum + step <= most; sum++) to[sum + step] += share * placed[set][sum];
            }
        }
        return placed[^1];
    }

    static double[] Convolved(double[] a, double[] b)
    {
        double[] sums = new double[a.Length + b.Length - 1];
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < b.Length; j++) sums[i + j] += a[i] * b[j];
        return sums;
    }

    static (double Rising, double Falling) Normal(double[][] ranks, double l)
    {
        double k = ranks[0].Length, mean = ranks.Length * k * (k + 1) * (k + 1) / 4, variance = 0;
        foreach (double[] block in ranks) variance += k * (k + 1) / 12 * block.Sum(rank => (rank - (k + 1) / 2) * (rank - (k + 1) / 2)); // Σ(j − j̄)² = k (k² − 1)/12
        double z = (l - mean) / Math.Sqrt(variance);
        return (StandardNormal.Survival(z), StandardNormal.Cdf(z));
    }
}
