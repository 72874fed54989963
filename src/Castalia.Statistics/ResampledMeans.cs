namespace Castalia.Statistics;

/// <summary>Means of several readings of the same units, as a figure over training steps has them, over units drawn again: a resample is the same for all readings.</summary>
/// <remarks>Sums go by unit, ascending, each as often as it was drawn: the bits depend on the seed alone.</remarks>
sealed class ResampledMeans
{
    const double Level = 0.025;

    readonly double[] _resampled; // [resample × reading]

    ResampledMeans(double[] means, double[] resampled) => (Means, _resampled) = (means, resampled);

    /// <summary>Mean of each reading over the units that have it; NaN where none has.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>Resamples.</summary>
    public int Count => Means.Count == 0 ? 0 : _resampled.Length / Means.Count;

    /// <summary>Draws units again.</summary>
    /// <param name="readings">[reading][unit]; NaN where a unit lacks one. As many units in each, at least one.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">Seed of the indices.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static ResampledMeans Of(IReadOnlyList<double[]> readings, int resamples, long seed, CancellationToken cancellation = default)
    {
        int places = readings.Count, units = readings[0].Length;
        double[] resampled = new double[(long)resamples * places];
        ResampleBlocks.Run(resamples, seed, threads: null, () => new int[units], (b, stream, drawn) =>
        {
            Array.Clear(drawn);
            for (int i = 0; i < units; i++) drawn[stream.Below(units)]++;
            for (int place = 0; place < places; place++) resampled[(long)b * places + place] = Mean(readings[place], drawn);
        }, cancellation);
        int[] once = new int[units];
        Array.Fill(once, 1);
        return new([.. readings.Select(reading => Mean(reading, once))], resampled);
    }

    /// <summary>Means of one resample, a reading after the other.</summary>
    public ReadOnlySpan<double> At(int resample) => _resampled.AsSpan(resample * Means.Count, Means.Count);

    /// <summary>Quantiles 0.025 and 0.975, type 7, of a statistic of the means over the resamples.</summary>
    /// <remarks>Undefined below two units, where the statistic has no value in more than one resample of twenty, and where it is the same in all.</remarks>
    /// <param name="statistic">Given the means of a resample; NaN where it has no value.</param>
    public Figure<Interval> Interval95(Func<ReadOnlySpan<double>, double> statistic)
    {
        double[] values = new double[Count];
        for (int b = 0; b < values.Length; b++) values[b] = statistic(At(b));
        double[] sorted = [.. values.Where(double.IsFinite)];
        int missing = values.Length - sorted.Length;
        if (missing * 20 > values.Length) return Figure<Interval>.Undefined($"it has no value in {missing} of {values.Length} resamples");
        Array.Sort(sorted);
        return sorted[0] == sorted[^1] ? Figure<Interval>.Undefined("it is the same in every resample")
            : Figure<Interval>.Of(new(Describe.Quantile(sorted, Level), Describe.Quantile(sorted, 1 - Level)));
    }

    static double Mean(double[] reading, int[] drawn)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < reading.Length; i++)
        {
            if (drawn[i] == 0 || double.IsNaN(reading[i])) continue;
            sum += drawn[i] * reading[i];
            count += drawn[i];
        }
        return count == 0 ? double.NaN : sum / count;
    }
}
