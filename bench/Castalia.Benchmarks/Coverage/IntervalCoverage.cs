using System.Globalization;
using Castalia.Statistics;

namespace Castalia.Benchmarks.Coverage;

/// <summary>How often the 95 % intervals that Castalia prints cover what they estimate, at n = 25: simulated, the same figures on every machine.</summary>
static class IntervalCoverage
{
    const int N = 25, Replications = 20_000, MeanResamples = 2_000, CorrelationResamples = 1_000;
    const ulong Seed = 20_250;

    /// <summary>Writes the page.</summary>
    public static void Print(TextWriter page, CancellationToken cancellation)
    {
        page.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            # Do 95 % intervals cover 95 %?

            {Replications} samples of n = {N} from each population (seed {Seed}, streams by index: the same figures on every machine), the intervals
            by the library's own code. Castalia draws {Describe.Resamples} resamples for BCa; here it is {MeanResamples} for means and {CorrelationResamples} for
            correlations. ± is one Monte-Carlo standard error. An interval that lies above misses the truth with its lower end, which is how an
            expansion is claimed that is none; one that lies below, a dampening.

            ## The mean

            """));
        Head(page);
        foreach (var population in Population.All)
        {
            Tally t = new(), bca = new();
            Repeat(index =>
            {
                double[] sample = population.Sample(Seed, index, N);
                t.Add(OneSampleT.Of(sample, 0).Value?.Interval95, population.Mean);
                bca.Add(BcaBootstrap.OfMean(sample, MeanResamples, index).Value, population.Mean);
            }, cancellation);
            page.WriteLine(t.Row(population.Name, "t"));
            page.WriteLine(bca.Row(population.Name, "BCa"));
        }
        page.WriteLine("\n## Pearson's r\n");
        Head(page);
        foreach (var population in PairPopulation.All)
        {
            Tally fisher = new(), percentile = new(), bca = new();
            Repeat(index =>
            {
                var (x, y) = population.Sample(Seed, index, N);
                fisher.Add(Correlation.Pearson(x, y).Value?.Interval95.Value, population.Correlation);
                var resampled = Resampled(x, y, index);
                percentile.Add(resampled.Value?.Percentile, population.Correlation);
                bca.Add(resampled.Value?.BcaInterval.Value, population.Correlation);
            }, cancellation);
            page.WriteLine(fisher.Row(population.Name, "Fisher's z"));
            page.WriteLine(percentile.Row(population.Name, "percentile"));
            page.WriteLine(bca.Row(population.Name, "BCa"));
        }
    }

    static void Head(TextWriter page) =>
        page.WriteLine("| population | interval | covers, % | lies above, % | lies below, % | 94 to 96 %? |\n| --- | --- | ---: | ---: | ---: | --- |");

    static void Repeat(Action<int> replication, CancellationToken cancellation) =>
        Parallel.For(0, Replications, new ParallelOptions { CancellationToken = cancellation }, replication);

    /// <summary>Pairs resampled on this thread: the replications are what runs in parallel.</summary>
    static Figure<BootstrapEstimate> Resampled(double[] x, double[] y, int index)
    {
        var stream = new IndexStream(index);
        int n = x.Length;
        double[] drawnX = new double[n], drawnY = new double[n], replicates = new double[CorrelationResamples];
        for (int b = 0; b < replicates.Length; b++)
        {
            for (int i = 0; i < n; i++)
            {
                int at = stream.Below(n);
                (drawnX[i], drawnY[i]) = (x[at], y[at]);
            }
            replicates[b] = Coefficient(drawnX, drawnY);
        }
        double[] without = [.. Enumerable.Range(0, n).Select(i => Coefficient([.. x[..i], .. x[(i + 1)..]], [.. y[..i], .. y[(i + 1)..]]))];
        return Bootstrap.FromReplicates(n, Coefficient(x, y), replicates, without);
    }

    static double Coefficient(double[] x, double[] y) => Pearson.Of(x, y).Value ?? double.NaN;
}
