using System.Globalization;

namespace Castalia.Statistics;

/// <summary>What distances between numeric levels are measured in.</summary>
enum LevelScale
{
    /// <summary>The levels' own unit.</summary>
    Linear,

    /// <summary>Decades: log₁₀ of the level, which is to be above 0.</summary>
    Log,
}

/// <summary>Levels of a factor as numbers on a scale.</summary>
static class ScaledLevels
{
    /// <summary>The levels, or why they have no place on the scale.</summary>
    public static (double[] X, string? Because) Of(Factor factor, LevelScale scale)
    {
        double[] x = new double[factor.Levels.Count];
        for (int i = 0; i < x.Length; i++)
        {
            string level = factor.Levels[i];
            if (!double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out x[i]) || !double.IsFinite(x[i])) return ([], $"the level {level} of {factor.Name} is no number");
            if (scale == LevelScale.Linear) continue;
            if (!(x[i] > 0)) return ([], $"the level {level} of {factor.Name} has no logarithm");
            x[i] = Math.Log10(x[i]);
        }
        return (x, null);
    }
}
