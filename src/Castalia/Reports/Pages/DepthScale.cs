using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>Axis of one figure over the blocks of a model: linear, or logarithmic where values differ by a factor of 4.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end; the largest value, unless one or two tower so far above the rest that these could not be told apart.</param>
/// <param name="IsLog">Whether it is logarithmic.</param>
readonly record struct DepthScale(double Low, double High, bool IsLog)
{
    const double LogFrom = 4; // a ratio of largest to smallest
    const double Towering = 2; // times the next largest value

    /// <summary>The axis of values.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="also">A value that it reaches, whether or not one of them does.</param>
    public static DepthScale Of(IReadOnlyCollection<double> values, double? also = null)
    {
        double low = Math.Min(values.Min(), also ?? double.PositiveInfinity), high = Math.Max(Top([.. values.OrderDescending()]), also ?? double.NegativeInfinity);
        return new(low, high, low > 0 && high / low >= LogFrom);
    }

    /// <summary>Where a value lies: 0 at the lower end, 1 at the upper; all at 1 where both are one.</summary>
    public double Share(double value) => High == Low ? 1 : (Axis(value) - Axis(Low)) / (Axis(High) - Axis(Low));

    /// <summary>"logarithmic scale from 0.900 to 4.000".</summary>
    public string Words => $"{(IsLog ? "logarithmic" : "linear")} scale from {Figures.Real(Low)} to {Figures.Real(High)}";

    /// <summary>"block 2 at 512.0", for each column above the upper end.</summary>
    /// <param name="columns">Values in their order; null where undefined.</param>
    /// <param name="noun">What a column is.</param>
    public IReadOnlyList<string> Beyond(IReadOnlyList<double?> columns, string noun)
    {
        double high = High;
        return [.. columns.Index().Where(c => c.Item > high).Select(c => FormattableString.Invariant($"{noun} {c.Index + 1} at {Figures.Real(c.Item!.Value)}"))];
    }

    double Axis(double value) => IsLog ? Math.Log(value) : value;

    static double Top(double[] sorted)
    {
        for (int towering = 1; towering <= 2 && towering < sorted.Length / 3; towering++)
            if (sorted[towering - 1] > Towering * sorted[towering]) return sorted[towering];
        return sorted[0];
    }
}
