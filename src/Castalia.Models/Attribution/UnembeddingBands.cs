namespace Castalia.Attribution;

/// <summary>Right singular directions of M = W_U·diag(γ), in bands from the largest singular value down.</summary>
/// <remarks>
/// W_U without padding rows, the mean over the vocabulary subtracted from every row, γ the final norm's weight. Where the final norm is a LayerNorm, M is taken
/// on the mean-free subspace, and the mean of the stream lies outside of all bands.
/// </remarks>
sealed record UnembeddingBands
{
    /// <summary>What the set is called.</summary>
    public const string Name = "bands";

    /// <summary>Bands.</summary>
    public const int Count = 20;

    /// <summary>Above this a band's edge is not determined.</summary>
    public const double MostError = 1e-6;

    /// <summary>The directions, in bands of ⌊d_model/20⌋, the last with the rest.</summary>
    public required DirectionSet Directions { get; init; }

    /// <summary>Singular values, largest first.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Rows of the vocabulary: those of the tokenizer's ids, or all where their number is not known.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether the final norm has a weight; without one γ is 1.</summary>
    public required bool HasWeight { get; init; }

    /// <summary>Whether the directions span the mean-free subspace only.</summary>
    public required bool IsMeanFree { get; init; }

    /// <summary>Bands, from 0, whose lower edge lies between singular values too close to tell: what is on either side of it is arbitrary.</summary>
    public IReadOnlyList<int> Undetermined => [.. Enumerable.Range(0, Count - 1).Where(band => !(EdgeError(band) <= MostError))];

    /// <summary>Bound on the sine of the angle by which the span of the first bands up to this one may be off: rounding of the largest value over the gap.</summary>
    public double EdgeError(int band)
    {
        int end = Directions.Sizes.Take(band + 1).Sum();
        double gap = Values[end - 1] - Values[end];
        return gap > 0 ? Values.Count * 2.220446049250313e-16 * Values[0] / gap : double.PositiveInfinity;
    }

    /// <summary>Directions of each band where there are some in all.</summary>
    /// <param name="dModel">Width of the stream, at least 20.</param>
    /// <param name="directions">Directions: d_model, or one fewer.</param>
    public static IReadOnlyList<int> Sizes(int dModel, int directions)
    {
        int size = dModel / Count;
        return [.. Enumerable.Repeat(size, Count - 1), directions - (Count - 1) * size];
    }
}
