namespace Castalia.Reports.Charts;

/// <summary>Shape of a mark.</summary>
enum Marker
{
    /// <summary>●</summary>
    Circle,
    /// <summary>◆</summary>
    Diamond,
    /// <summary>▲</summary>
    Triangle,
    /// <summary>■</summary>
    Square,
}

/// <summary>How series are told from each other: of each number a colour, a shape of marks and dashes of lines, together different up to the sixty-fourth.</summary>
static class SeriesStyle
{
    const int Round = 8; // series, after which lines have other dashes

    const int Shapes = 4; // those that a canvas draws by the thousand at once

    static readonly double[][] s_dashes = [[], [6, 3], [2, 2], [9, 3, 2, 3], [13, 4]];

    /// <summary>Dashes of what is no data, as a theory.</summary>
    public static IReadOnlyList<double> Theory { get; } = [5, 3];

    /// <summary>Which colour of the palette.</summary>
    public static int Colour(int number) => number % Palette.Size;

    /// <summary>Shape of its marks; colours that some people see alike have different ones.</summary>
    public static Marker Shape(int number) => (Marker)(number < 0 ? 0 : (number + number / Palette.Size) % Shapes);

    /// <summary>Lengths of strokes and gaps in turn, pixels; none for a whole line.</summary>
    public static IReadOnlyList<double> Dashes(int number) => number < 0 ? [] : s_dashes[number / Round % s_dashes.Length];

    /// <summary>Of a series: of theories always the same.</summary>
    public static IReadOnlyList<double> Dashes(Series series) => series.Mark switch { Mark.Dashes => Theory, Mark.Line => Dashes(series.Colour), _ => [] };
}
