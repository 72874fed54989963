using System.Globalization;
using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>A figure as somebody printed it: its digits say how far it can be from what was computed.</summary>
/// <param name="Text">As typed.</param>
/// <param name="Value">Its value.</param>
/// <param name="Decimals">Digits after the point that it was rounded to.</param>
sealed record PublishedFigure(string Text, double Value, int Decimals)
{
    /// <summary>Most decimals that a double of about 1 can bear.</summary>
    public const int MostDecimals = 12;

    /// <summary>Half a unit in the last place.</summary>
    public double Half => 0.5 * Math.Pow(10, -Decimals);

    /// <summary>Smallest value that rounds to it.</summary>
    public double Low => Value - Half;

    /// <summary>Largest value that rounds to it.</summary>
    public double High => Value + Half;

    /// <summary>Whether a value may have been printed as this figure. Both ends count: what a program does with halves is not known.</summary>
    public bool MayBe(double value) => Math.Abs(value - Value) <= Half * (1 + 1e-9);

    /// <summary>The figure that a text gives.</summary>
    /// <param name="text">Digits and a point, greater than 0.</param>
    /// <param name="decimals">Decimals it was rounded to; null where the digits typed say it.</param>
    /// <exception cref="InputException">It is no such figure, or has more digits than <paramref name="decimals"/>.</exception>
    public static PublishedFigure Of(string text, int? decimals)
    {
        bool isDecimal = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);
        if (!isDecimal || value <= 0) throw ConventionErrors.NotAFigure(text);
        int typed = text.Contains('.') ? text.Length - text.IndexOf('.') - 1 : 0;
        if (typed > MostDecimals) throw ConventionErrors.TooManyDecimals(text, MostDecimals);
        if (decimals < typed) throw ConventionErrors.FewerDecimalsThanTyped(text, typed, decimals.Value);
        return new(text, (double)value, decimals ?? typed);
    }
}
