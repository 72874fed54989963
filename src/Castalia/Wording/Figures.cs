using System.Globalization;
using Castalia.Statistics;

namespace Castalia.Wording;

/// <summary>Numbers as people read them: invariant, four significant digits or so, – for what is undefined.</summary>
static class Figures
{
    public const string Missing = "–";

    /// <summary>Three decimals below 10, fewer above, an exponent from 10,000.</summary>
    public static string Real(double value)
    {
        double size = Math.Abs(value);
        string format = size < 10 ? "0.000" : size < 100 ? "0.00" : size < 1000 ? "0.0" : size < 10_000 ? "0" : "0.00E+0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A correlation, two decimals, sign always shown.</summary>
    public static string Correlation(double r) => r.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    public static string MeanAndSd(Estimate estimate) =>
        $"{(estimate.Mean.Value is { } mean ? Real(mean) : Missing)} ± {(estimate.Sd.Value is { } sd ? Real(sd) : Missing)}";

    public static string Interval(Figure<Interval> interval) =>
        interval.Value is { } i ? $"{Real(i.Low)}–{Real(i.High)}" : Missing;

    /// <summary>A count with thousands separated by commas.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 prompt", "25 prompts".</summary>
    public static string Of(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
