namespace Castalia.Analyses;

/// <summary>Spearman's ρ of rows drawn with replacement, without sorting each draw.</summary>
/// <remarks>The order of the distinct values is found once; a draw counts how often each came up, and the mid-ranks follow from running sums.</remarks>
sealed class MidRanks
{
    readonly int[] _level; // of each row: index of its value among the distinct values, ascending
    readonly int _levels;

    public MidRanks(IReadOnlyList<double> values)
    {
        double[] distinct = [.. values.Distinct().Order()];
        _levels = distinct.Length;
        _level = [.. values.Select(v => Array.BinarySearch(distinct, v))];
    }

    /// <summary>Mid-ranks from 1 of the rows, in their order.</summary>
    public double[] Of(ReadOnlySpan<int> rows)
    {
        int[] counts = new int[_levels];
        foreach (int row in rows) counts[_level[row]]++;
        double[] rank = new double[_levels];
        int before = 0;
        for (int level = 0; level < _levels; level++)
        {
            rank[level] = before + (counts[level] + 1) / 2.0;
            before += counts[level];
        }
        double[] ranks = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++) ranks[i] = rank[_level[rows[i]]];
        return ranks;
    }
}
