namespace Castalia.Statistics;

/// <summary>How readings go with numeric levels.</summary>
/// <param name="Levels">Levels.</param>
/// <param name="Blocks">Blocks.</param>
/// <param name="Slope">Mean of the blocks' slopes: unit of the readings for one of the scale.</param>
/// <param name="Test">t test of the blocks' slopes against 0, with blocks − 1 degrees of freedom, and their 95 % interval.</param>
/// <param name="Page">Page's test of the order.</param>
/// <param name="IsMonotone">Whether the means of the levels rise, or fall, at every step.</param>
/// <param name="Range">The highest level mean against the lowest.</param>
readonly record struct LevelTrend(int Levels, int Blocks, double Slope, Figure<TTest> Test, Figure<PageTest> Page, bool IsMonotone, Figure<LevelRange> Range) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Slope };
}

/// <summary>Trend over ordered levels, blocks compared with themselves.</summary>
/// <remarks>
/// The slope is one of each block by least squares, and their mean is tested (Matthews, Altman, Campbell and Royston 1990, BMJ 300:230): of a complete design that is the mixed model with a random intercept and slope for each
/// block, and takes no variance for equal between levels. A slope sees lines only; Page's test sees any order.
/// </remarks>
static class BlockTrend
{
    /// <summary>The trend; undefined for levels that are no numbers, or that have no place on the scale.</summary>
    /// <param name="design">Readings of one factor.</param>
    /// <param name="scale">What steps between levels are measured in.</param>
    public static Figure<LevelTrend> Of(BlockDesign design, LevelScale scale)
    {
        if (design.Factors.Count != 1) throw new ArgumentException($"{design.Factors.Count} factors have no one order.", nameof(design));
        var (x, because) = ScaledLevels.Of(design.Factors[0], scale);
        if (because is not null) return Figure<LevelTrend>.Undefined(because);
        double[][] blocks = [.. Enumerable.Range(0, design.Blocks.Levels.Count).Select(block => Enumerable.Range(0, x.Length).Select(level => design.At(level, block)).ToArray())];
        double mean = Describe.Mean(x), squares = x.Sum(v => (v - mean) * (v - mean));
        if (!double.IsNormal(squares)) return Figure<LevelTrend>.Undefined(Pearson.OutOfRange);
        double[] slopes = [.. blocks.Select(values => values.Select((y, level) => (x[level] - mean) * (y - values[0])).Sum() / squares)];
        double[] means = design.LevelMeans(0);
        var steps = means.Zip(means.Skip(1), (before, after) => Math.Sign(after - before)).Distinct().ToList();
        return Figure<LevelTrend>.Of(new(x.Length, blocks.Length, Describe.Mean(slopes), OneSampleT.Of(slopes, 0), PageTrend.Of(blocks), steps is [not 0], LevelRange.Of(design, 0)));
    }
}
