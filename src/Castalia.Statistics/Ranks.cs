namespace Castalia.Statistics;

/// <summary>Ranks of a sample, from 1, tied values sharing the mean of their ranks.</summary>
static class Ranks
{
    /// <summary>The rank of each value, in the order of the values.</summary>
    public static double[] Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values], ranks = new double[values.Count];
        int[] order = [.. Enumerable.Range(0, values.Count)];
        Array.Sort(sorted, order);
        foreach (var (start, end) in Ties(sorted))
            for (int i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
        return ranks;
    }

    /// <summary>Σ(t³ − t) over the sets of t tied values.</summary>
    public static double TieSum(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        double sum = 0;
        foreach (var (start, end) in Ties(sorted))
        {
            double t = end - start;
            sum += t * t * t - t;
        }
        return sum;
    }

    /// <summary>Runs of equal values of a sorted array, as start and end (exclusive); also those of one.</summary>
    public static IEnumerable<(int Start, int End)> Ties(double[] sorted)
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start]) end++;
            yield return (start, end);
        }
    }
}
