using Castalia.Reports.Pages;

namespace Castalia.Reports.Charts;

/// <summary>A chart as data: a browser draws it, figures for print are drawn from it, and whatever cannot draw prints its table.</summary>
/// <param name="Id">Lower-case letters, digits and hyphens; unique on its page.</param>
/// <param name="Title">A few words.</param>
/// <param name="Caption">What is plotted, n, and what intervals mean.</param>
/// <param name="X">The horizontal axis; where there are several the reader chooses, the first is shown.</param>
/// <param name="Y">The vertical axis, alike.</param>
/// <param name="Series">What is drawn, from behind.</param>
/// <param name="Data">The figures that are drawn.</param>
sealed record Chart(string Id, string Title, string Caption, IReadOnlyList<Axis> X, IReadOnlyList<Axis> Y, IReadOnlyList<Series> Series, Table Data) : PageBlock
{
    /// <summary>Texts that marks show when they are pointed at: label and text each; a series names them by index.</summary>
    public IReadOnlyList<IReadOnlyList<(string Label, string Text)>> Notes { get; init; } = [];

    /// <summary>What the colours of <see cref="Mark.Cells"/> mean; null where there are none.</summary>
    public ColourScale? Colours { get; init; }

    /// <summary>Height in a browser, pixels.</summary>
    public int Height { get; init; } = 380;
}

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What it measures.</param>
/// <param name="Unit">In what; empty for ratios and counts.</param>
sealed record Axis(string Title, string Unit = "")
{
    /// <summary>Names of places 0, 1, … on an axis of names; empty on one of numbers.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether the reader may make it logarithmic: all values are above 0.</summary>
    public bool MayBeLog { get; init; }

    /// <summary>Whether it is logarithmic unless the reader changes it.</summary>
    public bool IsLog { get; init; }

    /// <summary>Where it begins; null: where the data do.</summary>
    public double? Low { get; init; }

    /// <summary>Where it ends; null: where the data do.</summary>
    public double? High { get; init; }

    /// <summary>A value at which a line is drawn across the chart; null for none.</summary>
    public double? Reference { get; init; }

    /// <summary>Title and unit.</summary>
    public string Whole => Unit == "" ? Title : $"{Title}, {Unit}";

    /// <summary>An axis of names.</summary>
    public static Axis Of(string title, IReadOnlyList<string> names) => new(title) { Names = names };
}

/// <summary>How a series is drawn.</summary>
enum Mark
{
    /// <summary>A line through its places; a missing one parts it.</summary>
    Line,
    /// <summary>A thin dashed line, as of a theory or a boundary.</summary>
    Dashes,
    /// <summary>Points.</summary>
    Points,
    /// <summary>Thick strokes between pairs of places, parted by a missing one, as of intervals and bars.</summary>
    Strokes,
    /// <summary>Coloured cells of a map.</summary>
    Cells,
}

/// <summary>What is drawn alike.</summary>
/// <param name="Name">As the legend has it; series of one name are shown and hidden together.</param>
/// <param name="Mark">How it is drawn.</param>
/// <param name="X">For each of the chart's horizontal axes the places; null leaves one out.</param>
/// <param name="Y">For each of the vertical ones.</param>
sealed record Series(string Name, Mark Mark, IReadOnlyList<IReadOnlyList<double?>> X, IReadOnlyList<IReadOnlyList<double?>> Y)
{
    /// <summary>Which colour of the palette, the same for what belongs together; -1: up or down by <see cref="IsDown"/>; -2: the ink's.</summary>
    public int Colour { get; init; }

    /// <summary>Of <see cref="Colour"/> -1: whether it has the colour of what falls.</summary>
    public bool IsDown { get; init; }

    /// <summary>Whether it stands in the legend.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>Of cells: their values.</summary>
    public IReadOnlyList<double?> Values { get; init; } = [];

    /// <summary>Index of each mark's note among the chart's; empty for none.</summary>
    public IReadOnlyList<int> Notes { get; init; } = [];

    /// <summary>Of points: diameter in pixels; of strokes: thickness.</summary>
    public double Size { get; init; } = 7;

    /// <summary>One series over one pair of axes.</summary>
    public static Series Of(string name, Mark mark, IReadOnlyList<double?> x, IReadOnlyList<double?> y) => new(name, mark, [x], [y]);
}

/// <summary>What the colours of cells mean.</summary>
/// <param name="Title">What they measure.</param>
/// <param name="Low">Value of the one end.</param>
/// <param name="High">Value of the other.</param>
/// <param name="Middle">Value that has neither colour, as 0 or 1; null: from pale to full.</param>
sealed record ColourScale(string Title, double Low, double High, double? Middle);
