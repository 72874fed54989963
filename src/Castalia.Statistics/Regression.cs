using Castalia.Statistics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Castalia.Statistics;

/// <summary>Linear regression with an intercept, which is added: columns are given without it, categories as dummy columns.</summary>
/// <remarks>
/// Undefined for values that are not finite, too few rows, a y that does not vary, a column that does not vary or is a linear
/// function of those before it (the reason names it), and a fit without residuals, which leaves nothing to judge by.
/// </remarks>
static class Regression
{
    /// <summary>y on one column.</summary>
    /// <param name="x">The column.</param>
    /// <param name="y">What is explained; as many.</param>
    public static Figure<SimpleRegression> Simple(IReadOnlyList<double> x, IReadOnlyList<double> y) => SimpleRegression.Of(x, y);

    /// <summary>y on several columns, rows independent and of one variance.</summary>
    /// <param name="columns">Columns; at least one.</param>
    /// <param name="y">What is explained; as many rows.</param>
    /// <param name="names">Names of the columns; null for x1, x2, ….</param>
    public static Figure<RegressionFit> Multiple(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<string>? names = null) =>
        Fit(columns, y, null, null, names);

    /// <summary>y on several columns, rows independent, the variance of each inverse to its weight.</summary>
    /// <param name="columns">Columns; at least one.</param>
    /// <param name="y">What is explained; as many rows.</param>
    /// <param name="weights">Weights of the rows; above 0.</param>
    /// <param name="names">Names of the columns; null for x1, x2, ….</param>
    public static Figure<RegressionFit> Weighted(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<double> weights, IReadOnlyList<string>? names = null) =>
        Fit(columns, y, weights, null, names);

    /// <summary>y on several columns, rows of one cluster related in any way: standard errors CR1, t with clusters − 1.</summary>
    /// <remarks>
    /// Cameron and Miller 2015 (Journal of Human Resources 50:317), eq. 10 to 12: G/(G − 1) · (n − 1)/(n − k). Undefined for
    /// fewer than two clusters and where a coefficient hangs on one cluster alone (a category that one text has): how that
    /// cluster differs from others of its kind is in no residual. Errors are too small with few clusters (below about 30).
    /// </remarks>
    /// <param name="columns">Columns; at least one.</param>
    /// <param name="y">What is explained; as many rows.</param>
    /// <param name="clusters">To which cluster each row belongs: any labels that compare.</param>
    /// <param name="names">Names of the columns; null for x1, x2, ….</param>
    /// <param name="noun">What a cluster is, in reasons.</param>
    public static Figure<RegressionFit> Clustered<TCluster>(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<TCluster> clusters,
        IReadOnlyList<string>? names = null, string noun = "cluster") where TCluster : notnull
    {
        if (clusters.Count != y.Count) throw new ArgumentException($"{clusters.Count} cluster labels for {y.Count} rows.", nameof(clusters));
        var indices = new Dictionary<TCluster, int>();
        int[] cluster = new int[clusters.Count];
        for (int i = 0; i < cluster.Length; i++)
        {
            if (!indices.TryGetValue(clusters[i], out int index)) indices.Add(clusters[i], index = indices.Count);
            cluster[i] = index;
        }
        return Fit(columns, y, null, new(cluster, [.. indices.OrderBy(i => i.Value).Select(i => $"{i.Key}")], noun), names);
    }

    static Figure<RegressionFit> Fit(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<double>? weights, Clustering? clusters,
        IReadOnlyList<string>? names)
    {
        names = Names(columns, y, weights, names);
        int n = y.Count, k = columns.Count + 1;
        if (n <= k) return Undefined($"n = {n} leaves no residual beside {k} coefficients");
        if (clusters is { Count: < 2 }) return Undefined($"there is only one {clusters.Noun}");
        if (SampleFlaw.Of(y, "y") is { } flaw) return Undefined(flaw);
        if (Sample.IsConstant(y)) return Undefined("y does not vary");
        if (weights is not null && Enumerable.Range(0, n).FirstOrDefault(i => !(weights[i] > 0 && double.IsFinite(weights[i])), -1) is var bad and >= 0)
            return Undefined($"weight {bad + 1} is not a number above 0");
        var solved = LeastSquares.Of(columns, weights, names);
        if (solved.Value is not { Solved: var design }) return Undefined(solved.UndefinedBecause!);

        double[] residuals = design.Residuals(y), values = design.Coefficients(y);
        double total = design.TotalSquares(y), left = residuals.Sum(r => r * r);
        if (!double.IsNormal(total)) return Undefined($"y: {Pearson.OutOfRange}");
        if (left > 0 && !double.IsNormal(left)) return Undefined($"y: {Pearson.OutOfRange}");
        if (left <= ExactFit * total) return Undefined("the columns explain y wholly: there is no residual to judge by");
        int dfResidual = n - k, df = clusters is { } c ? c.Count - 1 : dfResidual;
        double variance = left / dfResidual, explained = 1 - left / total, quantile = StudentT.UpperQuantile(0.025, df);
        if (clusters?.Lonely(design) is { } lonely)
            return Undefined($"only {clusters.Noun} {lonely.Cluster} speaks about {Name(lonely.Term)}, and one {clusters.Noun} gives no error");
        var independent = design.Spread * design.Spread.Transpose() * variance;
        var covariance = clusters is null ? independent : Robust(design, residuals, clusters);
        var coefficients = new RegressionCoefficient[k];
        for (int t = 0; t < k; t++)
            if (!double.IsNormal(independent[t, t]) || !double.IsFinite(covariance[t, t]) || !double.IsFinite(values[t])) return Undefined($"{Name(t)}: {Pearson.OutOfRange}");
        for (int t = 0; t < k; t++)
        {
            if (!(covariance[t, t] > Cancelled * independent[t, t]))
                return Undefined($"the residuals cancel for {Name(t)} within every {clusters?.Noun}, so {clusters?.Noun}s say nothing about its error");
            double se = Math.Sqrt(covariance[t, t]), ratio = values[t] / se, half = quantile * se;
            coefficients[t] = new(t == 0 ? "intercept" : names[t - 1], values[t], se, ratio, StudentT.TwoSided(ratio, df), new(values[t] - half, values[t] + half));
        }
        double f = (total - left) / (k - 1) / variance;
        double aic = n * Math.Log(2 * Math.PI * left / n) + n + 2 * k - (weights?.Sum(Math.Log) ?? 0);
        return Figure<RegressionFit>.Of(new(
            n, coefficients, df, clusters?.Count, explained, 1 - left / dfResidual / (total / (n - 1)), Math.Sqrt(variance),
            clusters is null ? f : null, clusters is null ? FisherF.Survival(f, k - 1, dfResidual) : null, aic));

        string Name(int term) => term == 0 ? "the intercept" : names[term - 1];
    }

    /// <summary>Residual squares this small against y's are rounding.</summary>
    internal const double ExactFit = 1e-26;

    /// <summary>A robust variance this small against the usual one is rounding.</summary>
    const double Cancelled = 1e-18;

    /// <summary>A (Σ_g s_g s_gᵀ) Aᵀ with the pull s_g = Q_gᵀu_g of each cluster, times the small-sample factor.</summary>
    static Matrix<double> Robust(LeastSquares design, double[] residuals, Clustering clusters)
    {
        var pulls = Matrix<double>.Build.Dense(design.Terms, clusters.Count);
        for (int i = 0; i < residuals.Length; i++)
            for (int t = 0; t < design.Terms; t++) pulls[t, clusters.OfRow[i]] += design.Score(i, t) * residuals[i];
        var moved = design.Spread * pulls;
        double n = design.N, g = clusters.Count;
        return moved * moved.Transpose() * (g / (g - 1) * ((n - 1) / (n - design.Terms)));
    }

    static IReadOnlyList<string> Names(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double> y, IReadOnlyList<double>? weights, IReadOnlyList<string>? names)
    {
        if (columns.Count == 0) throw new ArgumentException("A regression needs a column.", nameof(columns));
        if (columns.Any(c => c.Count != y.Count)) throw new ArgumentException($"Not every column has {y.Count} rows, as y has.", nameof(columns));
        if (weights is not null && weights.Count != y.Count) throw new ArgumentException($"{weights.Count} weights for {y.Count} rows.", nameof(weights));
        if (names is not null && names.Count != columns.Count) throw new ArgumentException($"{names.Count} names for {columns.Count} columns.", nameof(names));
        return names ?? [.. Enumerable.Range(1, columns.Count).Select(c => $"x{c}")];
    }

    static Figure<RegressionFit> Undefined(string because) => Figure<RegressionFit>.Undefined(because);

    /// <summary>Which cluster each row belongs to, from 0, and how the caller calls them.</summary>
    sealed record Clustering(int[] OfRow, IReadOnlyList<string> Labels, string Noun)
    {
        public int Count => Labels.Count;

        /// <summary>A cluster without which a coefficient could not be fitted; null where there is none.</summary>
        public (string Cluster, int Term)? Lonely(LeastSquares design)
        {
            var rows = Enumerable.Range(0, OfRow.Length).ToLookup(i => OfRow[i]);
            for (int g = 0; g < Count; g++)
                if (design.TermOnlyIn([.. rows[g]]) is { } term) return (Labels[g], term);
            return null;
        }
    }
}
