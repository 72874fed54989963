using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Anatomy.Spectra;

/// <summary>The first principal components of the stream over reference texts.</summary>
static class ReferenceComponents
{
    /// <summary>The leading right singular directions of the centred rows, by bidiagonalisation with a known bound; null where they are not determined.</summary>
    /// <param name="rows">[positions × d_model].</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="variance">Σ of the coordinates' variances, over n.</param>
    /// <param name="crew">Threads; no figure depends on them.</param>
    public static PrincipalComponents? Of(IWeightRows rows, double[] mean, double variance, Crew crew)
    {
        int count = Math.Min(PrincipalComponents.Most, Math.Min(rows.Columns, rows.Rows - 1));
        if (count <= 0 || !(variance > 0)) return null;
        using var held = new HeldMatrix(rows, crew);
        try
        {
            var leading = LeadingDirections.Stepwise(new CentredRows(held, mean), count);
            if (!(leading.Error <= EmbeddingOverlap.MostError) || leading.Values[^1] == 0) return null;
            return new(
                DirectionSet.Of(ReferenceBlock.ComponentsName, rows.Columns, [.. leading.Vectors.SelectMany(vector => vector)]),
                [.. leading.Values.Select(value => value * value / rows.Rows / variance)], leading.Error);
        }
        catch (ArithmeticException) // a direction was missed: of equal singular values
        {
            return null;
        }
    }
}
