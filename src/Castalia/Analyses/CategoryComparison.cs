using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One figure compared over categories, by ranks.</summary>
/// <param name="Test">Kruskal–Wallis with its effect size ε².</param>
/// <param name="Pairs">Dunn's comparison of every pair.</param>
sealed record CategoryComparison(Figure<KruskalWallisTest> Test, IReadOnlyList<CategoryPair> Pairs)
{
    /// <summary>The comparison of groups in the order given.</summary>
    public static CategoryComparison Of(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> groups)
    {
        var dunn = Dunn.Of(groups);
        return new(KruskalWallis.Of(groups), dunn.Value is { } d ? [.. d.Pairs.Select(p => new CategoryPair(names[p.First], names[p.Second], p.Z, p.P, p.PHolm))] : []);
    }
}

/// <summary>Two categories, compared by Dunn's test.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Z">Mean rank of the first minus that of the second, over its standard error.</param>
/// <param name="P">Two-sided.</param>
/// <param name="PHolm">Adjusted over all pairs.</param>
sealed record CategoryPair(string First, string Second, double Z, double P, double PHolm);
