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
        if (IsPlain(size)) return Plain(value, 8);
        int exponent = (int)Math.Floor(Math.Log10(size) + 1e-9);
        string factor = Plain(value / Math.Pow(10, exponent), 4);
        return (factor == "1" ? "" : factor + "·") + "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
    }

    /// <summary>Those of one axis: plain ones with as many decimals each, "1.10", "1.12".</summary>
    public static string[] Of(IReadOnlyList<double> values)
    {
        decimal[] plain = [.. values.Where(value => IsPlain(Math.Abs(value))).Select(value => Rounded(Math.Round(value, 12), 8))];
        int decimals = plain.Length < values.Count ? 0 : plain.Select(value => (int)value.Scale).DefaultIfEmpty(0).Max();
        return [.. values.Select(value => decimals > 0 ? Rounded(Math.Round(value, 12), 8).ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−') : Of(Math.Round(value, 12)))];
    }

    static bool IsPlain(double size) => size is 0 or (>= Small and < Large);

    static decimal Rounded(double value, int digits) => decimal.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    static string Plain(double value, int digits) => Rounded(value, digits).ToString("0.############", CultureInfo.InvariantCulture).Replace('-', '−');
}
