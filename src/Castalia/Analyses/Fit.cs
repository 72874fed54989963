using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Least squares over readings that are independent, or that depend on each other within a text.</summary>
static class Fit
{
    /// <summary>The fit; undefined where the regression is.</summary>
    /// <param name="columns">Columns; at least one.</param>
    /// <param name="y">What is explained.</param>
    /// <param name="texts">Text of each reading, for errors clustered by text; null for independent readings.</param>
    /// <param name="names">What the columns are called in reasons.</param>
    public static Figure<RegressionFit> Of(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<string>? texts, IReadOnlyList<string> names)
    {
        if (y.Count > 1 && y.All(v => v == y[0])) return Figure<RegressionFit>.Undefined("the figure does not vary");
        return texts is null ? Regression.Multiple(columns, y, names) : Regression.Clustered(columns, y, texts, names, "text");
    }
}
