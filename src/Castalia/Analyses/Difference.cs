using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The difference of two estimates from separate samples.</summary>
/// <param name="Value">First minus second.</param>
/// <param name="Interval95">95 %, recovered from the two intervals.</param>
readonly record struct Difference(double Value, Interval Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Value, Interval95.Low, Interval95.High };

    /// <summary>The interval that the two intervals imply for the difference: it needs no normality and keeps their skew.</summary>
    /// <remarks>Zou 2007, Psychological Methods 12:399, for independent correlations; MOVER in general (Zou and Donner 2008).</remarks>
    public static Figure<Difference> Of((double Value, Interval Interval95)? first, (double Value, Interval Interval95)? second)
    {
        if (first is not { } a || second is not { } b) return Figure<Difference>.Undefined("one of the two has no interval");
        double low = Hypotenuse(a.Value - a.Interval95.Low, b.Interval95.High - b.Value), high = Hypotenuse(a.Interval95.High - a.Value, b.Value - b.Interval95.Low);
        double difference = a.Value - b.Value;
        return Figure<Difference>.Of(new(difference, new(difference - low, difference + high)));
    }

    static double Hypotenuse(double a, double b) => Math.Sqrt(a * a + b * b);
}
