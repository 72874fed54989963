using Castalia.Architectures;

namespace Castalia.Anatomy.Weights;

/// <summary>A weight beside the same weight of another revision.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Layer">Block index from 0; null for what no block owns.</param>
/// <param name="Part">Expert, from 0, where each has a matrix of its own; else 0.</param>
/// <param name="Tensor">The tensor of the first that holds it; a fused one holds several.</param>
/// <param name="Dot">⟨W, W₀⟩.</param>
/// <param name="Norm">‖W‖, Frobenius.</param>
/// <param name="OtherNorm">‖W₀‖.</param>
/// <param name="Distance">‖W − W₀‖.</param>
sealed record RevisionFigures(WeightRole Role, int? Layer, int Part, string Tensor, double Dot, double Norm, double OtherNorm, double Distance)
{
    /// <summary>⟨W, W₀⟩/(‖W‖·‖W₀‖); null where one of them is 0.</summary>
    public double? Cosine => Norm * OtherNorm > 0 ? Dot / (Norm * OtherNorm) : null;

    /// <summary>α = ⟨W, W₀⟩/‖W₀‖²; null where W₀ is 0.</summary>
    public double? Alpha => OtherNorm > 0 ? Dot / (OtherNorm * OtherNorm) : null;

    /// <summary>‖W − W₀‖/‖W₀‖; null where W₀ is 0.</summary>
    public double? RelativeDistance => OtherNorm > 0 ? Distance / OtherNorm : null;

    /// <summary>Some value of the one is not that of the other.</summary>
    public bool Differs => Distance > 0;

    /// <summary>From sums over both.</summary>
    internal static RevisionFigures Of(WeightRole role, int? layer, int part, string tensor, PairSums sums) =>
        new(role, layer, part, tensor, sums.Dot, Math.Sqrt(sums.Squares), Math.Sqrt(sums.OtherSquares), Math.Sqrt(sums.Distance));
}

/// <summary>Weights taken as one vector beside the same of another revision.</summary>
/// <param name="Weights">How many they are.</param>
/// <param name="Differing">How many of them differ in some value.</param>
/// <param name="Cosine">⟨W, W₀⟩/(‖W‖·‖W₀‖); null where one of them is 0.</param>
/// <param name="Alpha">α = ⟨W, W₀⟩/‖W₀‖²; null where W₀ is 0.</param>
/// <param name="RelativeDistance">‖W − W₀‖/‖W₀‖; null where W₀ is 0.</param>
sealed record RevisionTotals(int Weights, int Differing, double? Cosine, double? Alpha, double? RelativeDistance)
{
    /// <summary>Of all that are given, in their order.</summary>
    public static RevisionTotals Of(IReadOnlyList<RevisionFigures> weights)
    {
        double dot = weights.Sum(one => one.Dot), squares = weights.Sum(one => one.Norm * one.Norm), first = weights.Sum(one => one.OtherNorm * one.OtherNorm);
        return new(
            weights.Count, weights.Count(one => one.Differs), squares > 0 && first > 0 ? dot / Math.Sqrt(squares * first) : null, first > 0 ? dot / first : null,
            first > 0 ? Math.Sqrt(weights.Sum(one => one.Distance * one.Distance) / first) : null);
    }
}

/// <summary>Every weight of a checkpoint beside the same of another revision.</summary>
/// <param name="Model">What it is called.</param>
/// <param name="Other">What the other is called; W₀.</param>
/// <param name="Weights">Block by block, what no block owns first.</param>
sealed record RevisionComparison(string Model, string Other, IReadOnlyList<RevisionFigures> Weights)
{
    /// <summary>The matrices alone: gains and biases are not decayed.</summary>
    public IEnumerable<RevisionFigures> Matrices => Weights.Where(one => !WeightShapes.IsVector(one.Role));

    /// <summary>Those that differ in some value.</summary>
    public IReadOnlyList<RevisionFigures> Differing => [.. Weights.Where(one => one.Differs)];

    /// <summary>The tensors that hold those, once each, as the first calls them.</summary>
    public IReadOnlyList<string> DifferingTensors => [.. Differing.Select(one => one.Tensor).Distinct(StringComparer.Ordinal)];

    /// <summary>Of each kind over all blocks.</summary>
    public IEnumerable<(WeightRole Role, RevisionTotals Totals)> Kinds => Weights.GroupBy(one => one.Role).Select(kind => (kind.Key, RevisionTotals.Of([.. kind])));

    /// <summary>Of each block over its matrices.</summary>
    public IEnumerable<(int Layer, RevisionTotals Totals)> Blocks =>
        Matrices.Where(one => one.Layer is not null).GroupBy(one => one.Layer!.Value).Select(block => (block.Key, RevisionTotals.Of([.. block])));
}
