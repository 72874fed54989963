using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>How a figure goes with entropy over prompts.</summary>
/// <param name="Pearson">r with Fisher's interval.</param>
/// <param name="PearsonP">Its permutation p, two-sided.</param>
/// <param name="Spearman">ρ with Bonett and Wright's interval.</param>
/// <param name="SpearmanP">Its permutation p.</param>
sealed record Relation(Figure<Association> Pearson, Figure<PermutationTest> PearsonP, Figure<Association> Spearman, Figure<PermutationTest> SpearmanP)
{
    /// <summary>Orders drawn for each permutation p; up to eight prompts all orders are looked at instead.</summary>
    public const int Permutations = 10_000;

    /// <summary>Both correlations and their p.</summary>
    public static Relation Of(IReadOnlyList<double> figure, IReadOnlyList<double> entropy, long seed, CancellationToken cancellation = default) => new(
        Correlation.Pearson(figure, entropy),
        Permutation.PearsonP(figure, entropy, Permutations, seed, threads: null, cancellation),
        Correlation.Spearman(figure, entropy),
        Permutation.SpearmanP(figure, entropy, Permutations, seed, threads: null, cancellation));
}
