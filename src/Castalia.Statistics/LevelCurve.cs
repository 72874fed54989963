namespace Castalia.Statistics;

/// <summary>Where a curve passes a height, or how wide its passage is.</summary>
/// <param name="Value">The place, as a level; the width, in the scale's unit.</param>
/// <param name="Interval95">95 %, percentiles over blocks drawn again.</param>
readonly record struct Located(double Value, Interval Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Value, Interval95.Low, Interval95.High };
}

/// <summary>The means of a factor's numeric levels, joined by lines.</summary>
/// <param name="First">Mean at the lowest level.</param>
/// <param name="Last">Mean at the highest.</param>
/// <param name="Passages">How often the line passes the height.</param>
/// <param name="At">Where it passes it: of several times the middle one.</param>
readonly record struct LevelCrossing(double First, double Last, int Passages, Figure<Located> At);

/// <summary>What the line through the means of numeric levels does: straight between neighbouring levels, on a linear or a logarithmic scale.</summary>
/// <remarks>
/// Intervals: the blocks are drawn again as wholes (10,000 times unless told), so a block's deviation stays with it at every level; percentiles. Of few blocks they are too narrow. A passage goes from one side of a height to the other;
/// the line has one where it ends on the other side than it began, else its place is undefined, and so where that is so of more than one resample in twenty. Of three passages the middle one counts, of five the third.
/// </remarks>
static class LevelCurve
{
    /// <summary>Where the means pass a height.</summary>
    /// <param name="design">Readings of one factor.</param>
    /// <param name="height">The height, in the unit of the readings.</param>
    /// <param name="scale">What is straight between neighbouring levels.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">How many.</param>
    public static Figure<LevelCrossing> Crossing(BlockDesign design, double height, LevelScale scale, long seed, int resamples = Describe.Resamples)
    {
        var (x, because) = Levels(design, scale);
        if (because is not null) return Figure<LevelCrossing>.Undefined(because);
        double[] means = design.LevelMeans(0);
        var (place, passages) = Passage.Of(x, means, height);
        var at = double.IsNaN(place)
            ? Figure<Located>.Undefined(FormattableString.Invariant($"the means do not end on the other side of {height} than they begin, but go from {means[0]:0.###} to {means[^1]:0.###}"))
            : OverBlocks(design, drawn => Passage.Of(x, drawn, height).At, seed, resamples).Then(e =>
            {
                Func<double, double> level = scale == LevelScale.Log ? decades => Math.Pow(10, decades) : own => own;
                return Figure<Located>.Of(new(level(e.Estimate), new(level(e.Percentile.Low), level(e.Percentile.High))));
            });
        return Figure<LevelCrossing>.Of(new(means[0], means[^1], passages, at));
    }

    /// <summary>How far apart the levels are at which the means have gone 10 % and 90 % of their way from the lowest level to the highest: small where a transition is sharp.</summary>
    /// <remarks>In decades on a logarithmic scale. Undefined where the way goes in the other direction in more than one resample in twenty: then there is no transition to measure.</remarks>
    /// <param name="design">Readings of one factor.</param>
    /// <param name="scale">What widths are measured in.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">How many.</param>
    public static Figure<Located> Width(BlockDesign design, LevelScale scale, long seed, int resamples = Describe.Resamples)
    {
        var (x, because) = Levels(design, scale);
        if (because is not null) return Figure<Located>.Undefined(because);
        double[] means = design.LevelMeans(0);
        int direction = Math.Sign(means[^1] - means[0]);
        return direction == 0
            ? Figure<Located>.Undefined("the means end where they begin")
            : OverBlocks(design, WidthOf, seed, resamples).Then(e => Figure<Located>.Of(new(e.Estimate, e.Percentile)));

        double WidthOf(double[] y)
        {
            double way = y[^1] - y[0];
            return Math.Sign(way) == direction ? Math.Abs(Passage.Of(x, y, y[0] + 0.9 * way).At - Passage.Of(x, y, y[0] + 0.1 * way).At) : double.NaN;
        }
    }

    static (double[] X, string? Because) Levels(BlockDesign design, LevelScale scale) => design.Factors.Count == 1
        ? ScaledLevels.Of(design.Factors[0], scale)
        : throw new ArgumentException($"{design.Factors.Count} factors have no one order.", nameof(design));

    static Figure<BootstrapEstimate> OverBlocks(BlockDesign design, Func<double[], double> statistic, long seed, int resamples)
    {
        int blocks = design.Blocks.Levels.Count, levels = design.Cells;
        double[] values = [.. design.Values];
        IReadOnlyList<int>[] rows = [.. Enumerable.Range(0, blocks).Select(block => (IReadOnlyList<int>)[.. Enumerable.Range(0, levels).Select(level => level * blocks + block)])];
        return ClusterBootstrap.Of(rows, drawn =>
        {
            double[] means = new double[levels];
            foreach (int row in drawn) means[row / blocks] += values[row];
            for (int level = 0; level < levels; level++) means[level] /= drawn.Length / levels;
            return statistic(means);
        }, resamples, seed);
    }
}
