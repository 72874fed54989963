namespace Castalia.Statistics;

/// <summary>Bootstrap of rows that come in clusters: positions of one text, prompts of one template. Whole clusters are drawn.</summary>
/// <remarks>
/// Field and Welsh 2007 (JRSS B 69:369). The unit is the cluster: N counts clusters and the jackknife behind BCa leaves one
/// cluster out. Undefined for fewer than two clusters, an empty one, and as <see cref="Bootstrap"/>. Intervals are too
/// short with few clusters (below about 20).
/// </remarks>
static class ClusterBootstrap
{
    /// <summary>The intervals.</summary>
    /// <param name="clusters">Rows of each cluster, as indices.</param>
    /// <param name="statistic">The statistic of rows, those of a cluster drawn twice given twice; NaN where it has no value. Called from several threads.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="threads">Threads at most; null for all processors. The bits do not depend on it.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<BootstrapEstimate> Of(
        IReadOnlyList<IReadOnlyList<int>> clusters, Func<ReadOnlySpan<int>, double> statistic, int resamples, long seed, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        int n = clusters.Count;
        if (n < 2) return Figure<BootstrapEstimate>.Undefined($"{n} cluster{(n == 1 ? "" : "s")} cannot be resampled");
        int[][] rows = [.. clusters.Select(c => c.ToArray())];
        if (Array.FindIndex(rows, r => r.Length == 0) is var empty and >= 0)
            return Figure<BootstrapEstimate>.Undefined($"cluster {empty + 1} is empty");
        double[] replicates = new double[resamples], without = new double[n];
        int most = n * rows.Max(r => r.Length);
        ResampleBlocks.Run(resamples, seed, threads, () => new int[most], (b, stream, drawn) =>
        {
            int count = 0;
            for (int i = 0; i < n; i++)
            {
                int[] cluster = rows[stream.Below(n)];
                cluster.CopyTo(drawn, count);
                count += cluster.Length;
            }
            replicates[b] = statistic(drawn.AsSpan(0, count));
        }, cancellation);
        for (int i = 0; i < n; i++) without[i] = statistic(rows.Where((_, j) => j != i).SelectMany(r => r).ToArray());
        return Bootstrap.FromReplicates(n, statistic(rows.SelectMany(r => r).ToArray()), replicates, without);
    }
}
