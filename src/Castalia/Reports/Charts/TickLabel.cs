using System.Globalization;

namespace Castalia.Reports.Charts;

/// <summary>Numbers at axes, as the page's script writes them: plain, or with a power of ten where they are small or large.</summary>
static class TickLabel
{
    const double Small = 1e-3, Large = 1e5;

    /// <summary>"0.25", "−3", "10⁻⁷", "2.5·10⁶".</summary>
    public static string Of(double value)
    {
        double size = Math.Abs(value);
        if (size is 0 or (>= Small and < Large)) return Plain(value, 8);
        int exponent = (int)Math.Floor(Math.Log10(size) + 1e-9);
        string factor = Plain(value / Math.Pow(10, exponent), 4);
        return (factor == "1" ? "" : factor + "·") + "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
    }

    static string Plain(double value, int digits) => decimal.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture)
        .ToString("0.############", CultureInfo.InvariantCulture).Replace('-', '−');
}
