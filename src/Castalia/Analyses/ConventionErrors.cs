using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>What can be wrong with a figure that conventions are held against.</summary>
static class ConventionErrors
{
    const string Place = "--published";

    /// <summary>No digits with a point.</summary>
    public static InputException NotAFigure(string text) => new(
        $"'{text}' is not a figure greater than 0.", Place,
        "Type it as printed, with a point and every digit: 0.80 says more than 0.8, for a value of 0.84 would have been printed as 0.8.");

    /// <summary>More digits than a double holds.</summary>
    public static InputException TooManyDecimals(string text, int most) => new(
        $"'{text}' has more than {most} decimals.", Place, "Type the digits that were printed; no gain is known to more.");

    /// <summary>--decimals contradicts the digits.</summary>
    public static InputException FewerDecimalsThanTyped(string text, int typed, int decimals) => new(
        $"'{text}' has {typed} decimals; --decimals says {decimals}.", Place,
        "Leave --decimals out, or name as many as the figure has or more: zeros at its end that are not typed.");
}
