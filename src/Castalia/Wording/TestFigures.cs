using System.Globalization;
using Castalia.Statistics;

namespace Castalia.Wording;

/// <summary>What tests print: p-values and signed differences.</summary>
static class TestFigures
{
    /// <summary>Three decimals from 0.001, an exponent below; – where there is none.</summary>
    public static string P(double? p) => p is not { } value ? Figures.Missing
        : value == 0 ? "<1E-300" // smaller than a double holds
        : value.ToString(value >= 0.0005 ? "0.000" : "0.0E+0", CultureInfo.InvariantCulture);

    /// <summary>A number with a sign that stands out beside a dash.</summary>
    public static string Signed(double value) => value < 0 ? $"−{Size(-value)}" : Size(value);

    /// <summary>A number, or –.</summary>
    public static string Signed(double? value) => value is { } v ? Signed(v) : Figures.Missing;

    /// <summary>Four digits without zeros at their end: edges and widths that were chosen round.</summary>
    public static string Round(double value) => (value < 0 ? "−" : "") + Math.Abs(value).ToString("G4", CultureInfo.InvariantCulture);

    // What three decimals would print as 0 and is not.
    static string Size(double value) => value is > 0 and < 0.0005 ? value.ToString("0.0E+0", CultureInfo.InvariantCulture) : Figures.Real(value);

    /// <summary>"−0.123 to 0.456": a dash between ends would read as a sign.</summary>
    public static string Interval(Interval? interval) => interval is { } i ? $"{Signed(i.Low)} to {Signed(i.High)}" : Figures.Missing;

    /// <summary>The same for a cell: "−0.123…0.456".</summary>
    public static string Ends(Interval? interval) => interval is { } i ? $"{Signed(i.Low)}…{Signed(i.High)}" : Figures.Missing;
}
