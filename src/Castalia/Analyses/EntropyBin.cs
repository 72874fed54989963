using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The gains at positions whose entropy lies in one range.</summary>
/// <param name="From">Nats, belonging to the bin.</param>
/// <param name="To">Nats, not belonging to it; null where it has no end.</param>
/// <param name="N">Positions.</param>
/// <param name="Texts">Texts they come from.</param>
/// <param name="MeanGain">Mean gain.</param>
/// <param name="Interval95">Of that mean, over texts drawn again.</param>
/// <param name="Below">Positions with a gain below 1.</param>
/// <param name="MeanAlignAttn">Mean alignment of attention's write with the stream.</param>
/// <param name="MeanAlignMlp">The same of the MLP's write.</param>
sealed record EntropyBin(
    double From, double? To, int N, int Texts, Figure<double> MeanGain, Figure<Interval> Interval95, int Below,
    Figure<double> MeanAlignAttn, Figure<double> MeanAlignMlp)
{
    static readonly double[] Edges = [0, 0.1, 0.5, 1, 2, 3, 4, 5, 7];

    /// <summary>Every bin, also those without positions.</summary>
    public static IReadOnlyList<EntropyBin> All(GainSample sample, long seed, CancellationToken cancellation = default) => [.. Edges.Select((from, i) =>
    {
        double? to = i + 1 < Edges.Length ? Edges[i + 1] : null;
        // Entropy is never negative but for rounding of a certain prediction, which belongs to the first bin.
        List<GainPoint> points = [.. sample.Points.Where(p => (i == 0 || p.Entropy >= from) && (to is null || p.Entropy < to))];
        return Of(from, to, points, seed, cancellation);
    })];

    static EntropyBin Of(double from, double? to, List<GainPoint> points, long seed, CancellationToken cancellation)
    {
        double[] gains = [.. points.Select(p => p.Gain)];
        List<int[]> clusters = [.. Enumerable.Range(0, points.Count).GroupBy(i => points[i].Text).Select(g => g.ToArray())];
        return new(
            from, to, points.Count, clusters.Count, Mean(p => p.Gain),
            points.Count == 0 ? Figure<Interval>.Undefined("it has no positions") : TextBootstrap.Of(clusters, rows => MeanOf(gains, rows), seed, cancellation),
            points.Count(p => p.Gain < 1), Mean(p => p.AlignAttn), Mean(p => p.AlignMlp));

        Figure<double> Mean(Func<GainPoint, double> value) =>
            points.Count == 0 ? Figure<double>.Undefined("it has no positions") : Figure<double>.Of(points.Average(value));
    }

    static double MeanOf(double[] values, ReadOnlySpan<int> rows)
    {
        double sum = 0;
        foreach (int row in rows) sum += values[row];
        return sum / rows.Length;
    }
}
