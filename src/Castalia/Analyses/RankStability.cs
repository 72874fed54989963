using Castalia.Attribution;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Whether the same units carry a block's G² − 1 in both halves of the prompts (<see cref="PromptHalves"/>).</summary>
/// <param name="Units">Which units.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Spearman">ρ over units of their means in the two halves.</param>
/// <param name="Leading">How many lead in each half: those of largest mean, by size; of few units half.</param>
/// <param name="Shared">How many of these lead in both.</param>
sealed record RankStability(string Units, int Count, Figure<double> Spearman, int Leading, int Shared)
{
    const int LeadingHeads = 10, LeadingNeurons = 50;

    /// <summary>How many would lead in both if those that lead in each were drawn at random: Leading²/Count.</summary>
    public double ByChance => (double)Leading * Leading / Count;

    /// <summary>Of heads, neurons, and what neurons take where they are below 0; none below two prompts.</summary>
    public static IReadOnlyList<RankStability> All(UnitMeans means) => means.Halves is not { } halves
        ? []
        :
        [
            Of("heads", halves.First.Heads, halves.Second.Heads, LeadingHeads),
            Of("neurons", halves.First.Neurons, halves.Second.Neurons, LeadingNeurons),
            Of("neurons below 0", halves.First.NegativeNeurons, halves.Second.NegativeNeurons, LeadingNeurons),
        ];

    static RankStability Of(string units, IReadOnlyList<double> first, IReadOnlyList<double> second, int most)
    {
        int leading = Math.Min(most, Math.Max(1, first.Count / 2));
        HashSet<int> ofFirst = [.. Largest(first)];
        var correlation = Correlation.Spearman(first, second);
        return new(
            units, first.Count, correlation.Value is { } c ? Figure<double>.Of(c.Coefficient) : Figure<double>.Undefined(correlation.UndefinedBecause!),
            leading, Largest(second).Count(ofFirst.Contains));

        IEnumerable<int> Largest(IReadOnlyList<double> values) => Parts.Of([.. values], leading, isWhole: false).Leading.Select(part => part.Index);
    }
}
