namespace Castalia.Statistics;

/// <summary>How far a sample's mean lies from a centre, and its spread.</summary>
/// <param name="N">Values.</param>
/// <param name="Mean">Mean minus centre.</param>
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
        double mean = Describe.Mean(values), from = mean - centre;
        if (Describe.Sd(values).Value is not { } sd || !double.IsFinite(from)) return Figure<Deviations>.Undefined(Pearson.OutOfRange);
        // A ratio of the two is taken: it is to have a value and its digits.
        if (sd != 0 && (!double.IsNormal(sd / Math.Sqrt(values.Count)) || !double.IsFinite(from / sd * Math.Sqrt(values.Count)))) return Figure<Deviations>.Undefined(Pearson.OutOfRange);
        return sd == 0 ? Figure<Deviations>.Undefined("all values are equal but for rounding") : Figure<Deviations>.Of(new(values.Count, mean - centre, sd));
    }
}
