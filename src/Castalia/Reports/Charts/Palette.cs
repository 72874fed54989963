namespace Castalia.Reports.Charts;

/// <summary>Colours that are told apart by people who do not see all of them, on white and on black.</summary>
/// <remarks>
/// The first eight after M. Okabe, K. Ito, 2008, Color Universal Design: yellow darkened on white, black left out, two between added. The second eight were chosen so that two of one
/// shape are apart for every kind of sight (a test holds them to it); two of other shapes may look alike.
/// </remarks>
static class Palette
{
    /// <summary>Of a light page.</summary>
    public static IReadOnlyList<string> Light { get; } =
    [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00", "#56b4e9", "#7a5195", "#5f6b72", "#a3165f", "#1d3f94", "#7d1d12", "#0a5a3c", "#5e5a00", "#00859a", "#946045", "#a06be0",
    ];

    /// <summary>Of a dark page.</summary>
    public static IReadOnlyList<string> Dark { get; } =
    [
        "#4f9fe0", "#f28e5c", "#3ec9a0", "#e3a1c8", "#e6b93c", "#b3e0fb", "#b895d8", "#8b959c", "#e0509f", "#f7eaa8", "#6f86ff", "#d9533f", "#8a63e8", "#2a98a8", "#b98a62", "#b5e655",
    ];

    /// <summary>Of a light page, as <see cref="Pages.HtmlStyle"/> has it: text.</summary>
    public const string Ink = "#1b1f24";

    /// <summary>Labels.</summary>
    public const string Dim = "#57606a";

    /// <summary>Axes.</summary>
    public const string Rule = "#d0d7de";

    /// <summary>Lines of the grid.</summary>
    public const string Grid = "#8c959f2e";

    /// <summary>What rises, and the full end of a scale.</summary>
    public const string Up = "#0b62c4";

    /// <summary>What falls, and the other end of a scale with a middle.</summary>
    public const string Down = "#b45309";

    /// <summary>The pale end of a scale without a middle.</summary>
    public const string Faint = "#d6e6f7";

    /// <summary>The light page's colour of a series: by its number, or ink, or what rises and falls.</summary>
    public static string Of(Series series) => series.Colour switch { -1 => series.IsDown ? Down : Up, -2 => Ink, _ => Light[SeriesStyle.Colour(series.Colour)] };

    /// <summary>How many there are.</summary>
    public const int Size = 16;

    /// <summary>As variables of a style.</summary>
    public static string Variables(IReadOnlyList<string> colours) => string.Concat(colours.Select((colour, i) => $"--c{i}:{colour};"));
}
