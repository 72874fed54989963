namespace Castalia.Statistics;

/// <summary>A statistic with its bootstrap intervals, 95 %.</summary>
/// <param name="N">Units resampled: values, or clusters.</param>
/// <param name="Estimate">The statistic of the sample itself.</param>
/// <param name="Resamples">Resamples asked for.</param>
/// <param name="WithoutValue">Resamples in which the statistic had no value; they are left out, and are at most one in twenty.</param>
/// <param name="Se">Standard deviation of the resampled values.</param>
/// <param name="Bca">Bias-corrected and accelerated interval, and its parts.</param>
/// <param name="Percentile">Quantiles 0.025 and 0.975 of the resampled values, type 7.</param>
/// <param name="Basic">Twice the estimate minus those.</param>
readonly record struct BootstrapEstimate(
    int N, double Estimate, int Resamples, int WithoutValue, double Se, Figure<BcaParts> Bca, Interval Percentile, Interval Basic) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Estimate, Se, Percentile.Low, Percentile.High, Basic.Low, Basic.High };

    /// <summary>The BCa interval alone.</summary>
    public Figure<Interval> BcaInterval =>
        Bca.Value is { } b ? Figure<Interval>.Of(b.Interval) : Figure<Interval>.Undefined(Bca.UndefinedBecause!);
}

/// <summary>Bootstrap of any statistic of independent values. For means of gains, <see cref="BcaBootstrap"/> keeps its own stream.</summary>
static class Bootstrap
{
    /// <summary>Resampled values this close to the estimate, relative to the largest, are ties: summation order differs between them.</summary>
    const double TieWidth = 1e-12;

    /// <summary>The intervals.</summary>
    /// <remarks>
    /// Undefined for fewer than two values, values that are not finite, a statistic without a value in the sample or in more than one
    /// resample of twenty, and one that is the same in every resample.
    /// </remarks>
    /// <param name="values">The sample.</param>
    /// <param name="statistic">The statistic of an array, which it may reorder but not keep; NaN where it has no value. Called from several threads.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">Seed of the indices.</param>
    /// <param name="threads">Threads at most; null for all processors. The bits do not depend on it.</param>
    public static Figure<BootstrapEstimate> Of(
        IReadOnlyList<double> values, Func<double[], double> statistic, int resamples, long seed, int? threads = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        int n = values.Count;
        if (n < 2) return Undefined($"n = {n} cannot be resampled");
        if (SampleFlaw.Of(values, "the sample") is { } flaw) return Undefined(flaw);
        double[] sample = [.. values], replicates = new double[resamples];
        ResampleBlocks.Run(resamples, seed, threads, () => new double[n], (b, stream, drawn) =>
        {
            for (int i = 0; i < n; i++) drawn[i] = sample[stream.Below(n)];
            replicates[b] = statistic(drawn);
        });
        double[] without = [.. Enumerable.Range(0, n).Select(i => statistic([.. sample[..i], .. sample[(i + 1)..]]))];
        return FromReplicates(n, statistic([.. sample]), replicates, without);
    }

    /// <summary>The intervals from resampled values that are there.</summary>
    /// <param name="n">Units.</param>
    /// <param name="estimate">The statistic of the sample.</param>
    /// <param name="replicates">Of the resamples; NaN where it has none.</param>
    /// <param name="without">Of the sample without each unit; NaN likewise.</param>
    /// <param name="tieWidth">Relative width of ties with the estimate.</param>
    internal static Figure<BootstrapEstimate> FromReplicates(
        int n, double estimate, double[] replicates, double[] without, double tieWidth = TieWidth)
    {
        if (!double.IsFinite(estimate)) return Undefined("the statistic has no value in the sample");
        double[] sorted = [.. replicates.Where(double.IsFinite)];
        int missing = replicates.Length - sorted.Length;
        if (missing * 20 > replicates.Length) return Undefined($"the statistic has no value in {missing} of {replicates.Length} resamples");
        Array.Sort(sorted);
        double tie = tieWidth * Math.Max(Math.Abs(estimate), Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1])));
        if (sorted[^1] - sorted[0] <= tie) return Undefined("the statistic is the same in every resample");
        if (Describe.Sd(sorted).Value is not { } se || !double.IsFinite(2 * estimate - sorted[0]) || !double.IsFinite(2 * estimate - sorted[^1]))
            return Undefined(Pearson.OutOfRange);
        double low = Describe.Quantile(sorted, 0.025), high = Describe.Quantile(sorted, 0.975);
        var bca = Array.FindIndex(without, w => !double.IsFinite(w)) is var lost and >= 0
            ? Figure<BcaParts>.Undefined($"the statistic has no value without unit {lost + 1}")
            : Statistics.Bca.Of(estimate, sorted, without, tie, "every resampled value lies on one side of the estimate");
        return Figure<BootstrapEstimate>.Of(new(
            n, estimate, replicates.Length, missing, se, bca,
            new(low, high), new(2 * estimate - high, 2 * estimate - low)));
    }

    static Figure<BootstrapEstimate> Undefined(string because) => Figure<BootstrapEstimate>.Undefined(because);
}
