using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The entropy at which the fitted line of gain on entropy reaches 1.</summary>
/// <param name="Entropy">H*, nats.</param>
/// <param name="Interval95">95 %; its ends may lie outside the data.</param>
/// <param name="LeavesData">Whether the interval reaches beyond the entropies that were measured.</param>
/// <param name="Method">How the interval was made.</param>
readonly record struct Crossing(double Entropy, Interval Interval95, bool LeavesData, string Method) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Entropy, Interval95.Low, Interval95.High };

    /// <summary>H* of independent readings, with Fieller's interval.</summary>
    /// <param name="entropies">Nats.</param>
    /// <param name="gains">As many.</param>
    /// <param name="line">The least-squares line of gain on entropy.</param>
    /// <remarks>
    /// Fieller 1954, JRSS B 16:175: all u = H − H̄ with (Ḡ − 1 + b·u)² ≤ t²·s²·(1/n + u²/Sxx). They form an interval if and only if the slope's own
    /// interval leaves out 0; else there is no H*.
    /// </remarks>
    public static Figure<Crossing> Of(IReadOnlyList<double> entropies, IReadOnlyList<double> gains, FittedLine line)
    {
        if (Refusal(entropies, line) is { } reason) return Figure<Crossing>.Undefined(reason);
        double meanX = entropies.Average(), above = gains.Average() - 1, squares = entropies.Sum(x => (x - meanX) * (x - meanX));
        double t = line.CriticalT, b = line.Slope, variance = line.SlopeSe * line.SlopeSe * squares; // s² of the residuals
        double a2 = b * b - t * t * variance / squares, a1 = b * above, a0 = above * above - t * t * variance / entropies.Count;
        double root = Math.Sqrt(Math.Max(0, a1 * a1 - a2 * a0)); // (b·u + Ḡ − 1 = 0 solves the inequality, so the root is real but for rounding)
        Interval interval = new(meanX + (-a1 - root) / a2, meanX + (-a1 + root) / a2);
        return Figure<Crossing>.Of(new(meanX - above / b, interval, Leaves(interval, entropies), "Fieller"));
    }

    /// <summary>H* of readings that depend on each other within a text: percentiles over texts drawn again.</summary>
    /// <param name="entropies">Nats.</param>
    /// <param name="gains">As many.</param>
    /// <param name="line">The line, its errors clustered.</param>
    /// <param name="clusters">Row indices of each text.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<Crossing> Clustered(
        IReadOnlyList<double> entropies, IReadOnlyList<double> gains, FittedLine line, IReadOnlyList<IReadOnlyList<int>> clusters, long seed, CancellationToken cancellation = default)
    {
        if (Refusal(entropies, line) is { } reason) return Figure<Crossing>.Undefined(reason);
        double[] x = [.. entropies], y = [.. gains];
        var interval = TextBootstrap.Of(clusters, rows =>
        {
            var (intercept, slope) = PlainLine.Of(x, y, rows);
            return (1 - intercept) / slope;
        }, seed, cancellation);
        return interval.Value is { } i
            ? Figure<Crossing>.Of(new((1 - line.Intercept) / line.Slope, i, Leaves(i, entropies), "percentiles over texts drawn again"))
            : Figure<Crossing>.Undefined(interval.UndefinedBecause!);
    }

    static bool Leaves(Interval interval, IReadOnlyList<double> entropies) => interval.Low < entropies.Min() || interval.High > entropies.Max();

    static string? Refusal(IReadOnlyList<double> entropies, FittedLine line)
    {
        if (line.SlopeInterval95.Contains(0)) return "the slope's interval contains 0: a level line meets 1 nowhere, or everywhere";
        double at = (1 - line.Intercept) / line.Slope, low = entropies.Min(), high = entropies.Max();
        return at >= low && at <= high
            ? null
            : FormattableString.Invariant($"the line would meet 1 at {at:0.00;−0.00} nats, outside the {low:0.00} to {high:0.00} that were measured");
    }
}
