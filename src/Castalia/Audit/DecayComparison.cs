using Castalia.Anatomy.Weights;
using Castalia.Architectures;

namespace Castalia.Audit;

/// <summary>How much of the weights of step 0 is left in a later revision, beside what weight decay alone would leave.</summary>
/// <param name="Role">Kind of matrix, all blocks together.</param>
/// <param name="Alpha">α = ⟨W, W₀⟩/‖W₀‖².</param>
/// <param name="Cosine">⟨W, W₀⟩/(‖W‖·‖W₀‖).</param>
/// <param name="Surviving">The share that decay alone would leave, as given.</param>
sealed record DecayComparison(WeightRole Role, double Alpha, double Cosine, double Surviving)
{
    /// <summary>α over that share: 1 where decay alone moved what was there, below 1 where gradients took from it besides.</summary>
    public double Ratio => Alpha / Surviving;

    /// <summary>Kind by kind; gains and biases are not decayed and are left out, and so is what was 0.</summary>
    /// <param name="comparison">A revision beside step 0.</param>
    /// <param name="surviving">The share of a weight that decay alone would leave between the two, above 0 and at most 1; it follows from the schedule of the run, which no checkpoint states.</param>
    public static IReadOnlyList<DecayComparison> Of(RevisionComparison comparison, double surviving)
    {
        if (surviving is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(surviving), surviving, "above 0, at most 1");
        return
        [
            .. comparison.Matrices.GroupBy(one => one.Role).SelectMany(kind => RevisionTotals.Of([.. kind]) is { Alpha: { } alpha, Cosine: { } cosine }
                ? new[] { new DecayComparison(kind.Key, alpha, cosine, surviving) } : []),
        ];
    }
}
