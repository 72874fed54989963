namespace Castalia.Reports.Charts;

/// <summary>Colours that are told apart by people who do not see all of them, on white and on black.</summary>
/// <remarks>M. Okabe, K. Ito, 2008, Color Universal Design; yellow darkened on white, black left out, two between added.</remarks>
static class Palette
{
    /// <summary>Of a light page.</summary>
    public static IReadOnlyList<string> Light { get; } = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00", "#56b4e9", "#7a5195", "#5f6b72"];

    /// <summary>Of a dark page.</summary>
    public static IReadOnlyList<string> Dark { get; } = ["#5aa9e6", "#f28e5c", "#3ec9a0", "#e3a1c8", "#e6b93c", "#8fd0f5", "#b895d8", "#a9b4ba"];

    /// <summary>How many there are.</summary>
    public const int Size = 8;

    /// <summary>As variables of a style.</summary>
    public static string Variables(IReadOnlyList<string> colours) => string.Concat(colours.Select((colour, i) => $"--c{i}:{colour};"));
}
