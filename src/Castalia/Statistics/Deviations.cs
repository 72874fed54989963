namespace Castalia.Statistics;

/// <summary>Mean, spread and standardised size of a sample's deviations from a centre.</summary>
/// <remarks>
/// Deviations are taken first and averaged then: xᵢ − 1 is exact for gains near 1, the mean of gains is not, and
/// against a spread of 1e-5 its rounding would show.
/// </remarks>
/// <param name="N">Values.</param>
/// <param name="Mean">Mean deviation.</param>
/// <param name="Sd">Standard deviation, n − 1; above 0.</param>
readonly record struct Deviations(int N, double Mean, double Sd)
{
    /// <summary>Standard error of the mean.</summary>
    public double Se => Sd / Math.Sqrt(N);

    /// <summary>Degrees of freedom.</summary>
    public int Df => N - 1;

    /// <summary>Deviations of a sample; undefined for fewer than two values and where they do not vary.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">What deviations are from; finite.</param>
    public static Figure<Deviations> From(IReadOnlyList<double> values, double centre)
    {
        if (Sample.Objection(values, 2, "has no spread") is { } why) return Figure<Deviations>.Undefined(why);
        if (!double.IsFinite(centre)) return Figure<Deviations>.Undefined(FormattableString.Invariant($"the centre is {centre}"));
        if (Sample.IsConstant(values)) return Figure<Deviations>.Undefined("all values are equal");
        int n = values.Count;
        double sum = 0, squares = 0;
        foreach (double x in values) sum += x - centre;
        double mean = sum / n;
        foreach (double x in values) squares += (x - centre - mean) * (x - centre - mean);
        double sd = Math.Sqrt(squares / (n - 1));
        if (!double.IsFinite(sd) || !double.IsFinite(mean)) return Figure<Deviations>.Undefined("the squares of the values leave the range of float64");
        return sd == 0 ? Figure<Deviations>.Undefined("all values are equal but for rounding") : Figure<Deviations>.Of(new(n, mean, sd));
    }
}
