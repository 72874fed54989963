using Castalia.Statistics;

namespace Castalia.Hypotheses.Separation;

/// <summary>Ways to say which k of n models are the dampeners: all of them where they are few, else random ones.</summary>
static class LabelAssignments
{
    /// <summary>Most assignments that are all gone through.</summary>
    public const int Most = 100_000;

    /// <summary>The number of ways, n choose k; infinite beyond float64, exact below 2⁵³.</summary>
    public static double Count(int n, int k)
    {
        double count = 1;
        for (int i = 1; i <= Math.Min(k, n - k); i++) count = Math.Round(count * (n - Math.Min(k, n - k) + i) / i);
        return count;
    }

    /// <summary>The assignments, each true where a model is said to dampen.</summary>
    /// <param name="n">Models.</param>
    /// <param name="k">Dampeners among them.</param>
    /// <param name="seed">Seed of random ones.</param>
    /// <returns>The assignments, and whether they are all.</returns>
    public static (IReadOnlyList<bool[]> Assignments, bool AreAll) Of(int n, int k, long seed) =>
        Count(n, k) <= Most ? ([.. All(n, k)], true) : ([.. Random(n, k, seed)], false);

    static IEnumerable<bool[]> All(int n, int k)
    {
        int[] chosen = [.. Enumerable.Range(0, k)];
        while (true)
        {
            bool[] labels = new bool[n];
            foreach (int i in chosen) labels[i] = true;
            yield return labels;
            int at = k - 1;
            while (at >= 0 && chosen[at] == n - k + at) at--;
            if (at < 0) yield break;
            chosen[at]++;
            for (int i = at + 1; i < k; i++) chosen[i] = chosen[i - 1] + 1;
        }
    }

    /// <summary>Shuffles by Fisher and Yates, as far as the first k places.</summary>
    static IEnumerable<bool[]> Random(int n, int k, long seed)
    {
        var stream = new IndexStream(seed);
        int[] order = [.. Enumerable.Range(0, n)];
        for (int b = 0; b < Most; b++)
        {
            bool[] labels = new bool[n];
            for (int i = 0; i < k; i++)
            {
                int j = i + stream.Below(n - i);
                (order[i], order[j]) = (order[j], order[i]);
                labels[order[i]] = true;
            }
            yield return labels;
        }
    }
}
