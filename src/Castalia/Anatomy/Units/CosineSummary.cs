namespace Castalia.Anatomy.Units;

/// <summary>How the cosines of a block's neurons are spread, and whether the lowest belong to neurons that erase.</summary>
/// <param name="Count">Neurons whose cosine is defined.</param>
/// <param name="Mean">Mean cosine.</param>
/// <param name="LowerDecile">Largest cosine of the lowest tenth, rounded down, at least one.</param>
/// <param name="Below">Share of cosines below 0.</param>
/// <param name="NegativeShare">Share of the negative part, Σ of the means of min(A_p, 0), that this tenth carries; NaN where nothing is negative.</param>
sealed record CosineSummary(int Count, double Mean, double LowerDecile, double Below, double NegativeShare)
{
    /// <summary>Of a block; null where no cosine is defined.</summary>
    /// <param name="cosines">s_j of each neuron.</param>
    /// <param name="negative">Mean of min(A_p, 0) of each.</param>
    public static CosineSummary? Of(IReadOnlyList<double> cosines, IReadOnlyList<double> negative)
    {
        int[] order = [.. Enumerable.Range(0, cosines.Count).Where(j => double.IsFinite(cosines[j])).OrderBy(j => cosines[j])];
        if (order.Length == 0) return null;
        int[] lowest = order[..Math.Max(1, order.Length / 10)];
        return new(
            order.Length, order.Average(j => cosines[j]), cosines[lowest[^1]], order.Count(j => cosines[j] < 0) / (double)order.Length,
            lowest.Sum(j => negative[j]) / negative.Sum());
    }
}
