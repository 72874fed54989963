using System.Globalization;

namespace Castalia.Cards;

/// <summary>A rule by which weights are drawn, as its standard deviation.</summary>
/// <remarks>
/// small_init is that of Nguyen and Salazar (2019), √(2/5d); wang_init 2/(L·√d); scaled_normal σ/√(2L). The truncated rules of Haiku draw a normal of the nominal
/// deviation and throw away what lies beyond two of them, which leaves 0.8796 of it: truncated_fan_in 1/√d, truncated_wang 2/(L·√d), truncated_vocabulary 1/√(rows).
/// </remarks>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Sigma">σ of normal and scaled_normal; null in others.</param>
sealed record InitialisationRule(string Name, double? Sigma)
{
    const double WithinTwo = 0.9544997361036416; // Φ(2) − Φ(−2)

    static readonly string[] s_withSigma = ["normal", "scaled_normal"];

    /// <summary>The rules.</summary>
    public static IReadOnlyList<string> Names { get; } = ["small_init", "wang_init", "normal σ", "scaled_normal σ", "truncated_fan_in", "truncated_wang", "truncated_vocabulary"];

    /// <summary>What truncation at ±2σ leaves of σ: √(1 − 4φ(2)/(Φ(2) − Φ(−2))).</summary>
    internal static double Truncation { get; } = Math.Sqrt(1 - 4 * Math.Exp(-2) / Math.Sqrt(2 * Math.PI) / WithinTwo);

    /// <summary>A rule from its words; null where they are none.</summary>
    public static InitialisationRule? Parse(string text)
    {
        string[] words = text.Split(' ');
        if (words is [var name] && Names.Contains(name)) return new(name, null);
        return words is [var normal, var digits] && s_withSigma.Contains(normal)
            && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma) && sigma > 0 && double.IsFinite(sigma) ? new(normal, sigma) : null;
    }

    /// <summary>The standard deviation it gives; null where what it needs is unknown.</summary>
    /// <param name="dModel">Width of the stream, which is the fan-in.</param>
    /// <param name="nLayers">Blocks.</param>
    /// <param name="dVocab">Rows of the embedding.</param>
    public double? Deviation(double? dModel, double? nLayers, double? dVocab) => Name switch
    {
        "normal" => Sigma,
        "scaled_normal" => Sigma / Root(2 * nLayers),
        "small_init" => Root(2 / (5 * dModel)),
        "wang_init" => 2 / (nLayers * Root(dModel)),
        "truncated_fan_in" => Truncation / Root(dModel),
        "truncated_wang" => Truncation * 2 / (nLayers * Root(dModel)),
        _ => Truncation / Root(dVocab),
    };

    static double? Root(double? x) => x is { } known ? Math.Sqrt(known) : null;
}
