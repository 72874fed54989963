using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>The level of a factor with the highest mean against the one with the lowest.</summary>
/// <param name="Means">Mean of each level, in the factor's order.</param>
/// <param name="Highest">Index of the level with the highest mean.</param>
/// <param name="Lowest">Index of the level with the lowest.</param>
/// <param name="Difference">Highest minus lowest, in the unit of the readings.</param>
/// <param name="Interval95">95 % interval of that difference, all pairs of levels allowed for (Tukey).</param>
/// <param name="P">That no two levels differ by as much, by the studentised range.</param>
readonly record struct LevelRange(IReadOnlyList<double> Means, int Highest, int Lowest, double Difference, Interval Interval95, double P) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Difference, Interval95.Low, Interval95.High, P };

    /// <summary>The range of a factor's level means, the means over the other factor and the blocks.</summary>
    /// <remarks>
    /// Tukey 1953, the honestly significant difference: x̄ − ȳ ± q·s/√n with q the upper 5 % point of the range of k means with the residual's degrees of freedom, s the residual standard deviation and n the readings
    /// of a level. So the interval holds for whichever two levels the data picked. Of two levels it is the t interval.
    /// </remarks>
    /// <param name="design">The readings.</param>
    /// <param name="factor">Which factor.</param>
    public static Figure<LevelRange> Of(BlockDesign design, int factor) => BlockAnova.Of(design).Then(table =>
    {
        double[] means = design.LevelMeans(factor);
        int highest = Array.IndexOf(means, means.Max()), lowest = Array.IndexOf(means, means.Min());
        double se = table.ResidualSd / Math.Sqrt(design.N / means.Length), difference = means[highest] - means[lowest];
        double half = StudentizedRange.UpperQuantile(0.05, means.Length, table.ResidualDf) * se;
        return Figure<LevelRange>.Of(new(means, highest, lowest, difference, new(difference - half, difference + half), StudentizedRange.Survival(difference / se, means.Length, table.ResidualDf)));
    });
}
