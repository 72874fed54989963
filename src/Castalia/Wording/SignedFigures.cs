using System.Globalization;
using Castalia.Statistics;

namespace Castalia.Wording;

/// <summary>Figures that may be negative, their intervals, and p-values, as people read them.</summary>
static class SignedFigures
{
    /// <summary>Sign and three decimals; two significant digits with an exponent where three decimals would show only zeros, or from 10,000.</summary>
    public static string Of(double value)
    {
        double size = Math.Abs(value);
        string format = size == 0 ? "0.000" : size < 0.0005 || size >= 10_000 ? "0.0E+0" : size < 10 ? "0.000" : size < 100 ? "0.00" : "0.0";
        return value.ToString($"+{format};−{format};0.000", CultureInfo.InvariantCulture).Replace("E-", "E−", StringComparison.Ordinal);
    }

    /// <summary>A size that is never negative, as a standard error: the same digits without a sign.</summary>
    public static string Size(double value) => Of(value).TrimStart('+');

    /// <summary>A variance inflation, which is at least 1.</summary>
    public static string Inflation(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : value < 10_000 ? "0" : "0E+0", CultureInfo.InvariantCulture);

    /// <summary>"−0.100 to +0.200".</summary>
    public static string Span(Interval i) => $"{Of(i.Low)} to {Of(i.High)}";

    /// <summary>The interval, or – where it is undefined.</summary>
    public static string Span(Figure<Interval> interval) => interval.Value is { } i ? Span(i) : Figures.Missing;

    /// <summary>Four decimals; "&lt;0.0001" below.</summary>
    public static string P(double p) => p < 0.0001 ? "<0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A share as whole percent.</summary>
    public static string Share(int part, int whole) =>
        whole == 0 ? Figures.Missing : (part / (double)whole).ToString("0 %", CultureInfo.InvariantCulture);
}
