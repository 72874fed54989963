namespace Castalia.Anatomy.Spectra;

/// <summary>The principal angles between two spans, smallest angle first.</summary>
/// <remarks>Cosines and sines come from decompositions of their own (Björck and Golub 1973): near 1 a cosine tells nothing of its angle, and its sine does.</remarks>
/// <param name="Cosines">Largest first.</param>
/// <param name="Sines">Smallest first.</param>
sealed record PrincipalAngles(IReadOnlyList<double> Cosines, IReadOnlyList<double> Sines)
{
    /// <summary>Mean of the squared cosines: the share of one span that lies in the other.</summary>
    public double Overlap => Cosines.Average(cosine => cosine * cosine);

    /// <summary>Between the spans of two sets of as many orthonormal vectors.</summary>
    internal static PrincipalAngles Between(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second)
    {
        int k = first.Count, d = first[0].Length;
        double[] products = [.. first.SelectMany(a => second.Select(b => Vectors.Dot(a, b)))];
        var outside = new RowQr(k);
        var rest = second.Select((b, j) =>
        {
            double[] left = [.. b];
            for (int round = 0; round < 2; round++)
                foreach (double[] a in first) Vectors.Add(-Vectors.Dot(a, left), a, left);
            return left;
        }).ToArray();
        outside.Add([.. Enumerable.Range(0, d).SelectMany(i => rest.Select(column => column[i]))]);
        return new(
            [.. SmallSvd.Values(products, k).Select(cosine => Math.Min(1, cosine))],
            [.. SmallSvd.Values(outside.Triangle, k).Reverse().Select(sine => Math.Min(1, sine))]);
    }
}
