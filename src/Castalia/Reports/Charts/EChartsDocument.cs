using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Errors;

namespace Castalia.Reports.Charts;

/// <summary>A chart as ECharts draws it, and what the reader may choose. Colours that begin with @ are variables of the page's style.</summary>
/// <param name="Option">What ECharts is given first.</param>
/// <param name="X">Horizontal axes to choose from.</param>
/// <param name="Y">Vertical axes to choose from.</param>
/// <param name="Notes">Texts of marks.</param>
sealed record EChartsDocument(EChartsOption Option, IReadOnlyList<EChartsAxis> X, IReadOnlyList<EChartsAxis> Y, IReadOnlyList<IReadOnlyList<string[]>>? Notes)
{
    const int Digits = 7; // of a drawn number, significant

    /// <summary>The chart's document.</summary>
    public static EChartsDocument Of(Chart chart)
    {
        EChartsAxis[] x = [.. chart.X.Select(axis => EChartsAxis.Of(axis, isVertical: false))], y = [.. chart.Y.Select(axis => EChartsAxis.Of(axis, isVertical: true))];
        var option = new EChartsOption
        {
            Dataset = [.. chart.Series.Select(series => Rows(series, chart))],
            Tooltip = new("item", true),
            Legend = new(Show: false, [.. chart.Series.Select(series => Printable.Of(series.Name)).Distinct()]),
            Grid = new(Left: 8, Right: 24, Top: 16, Bottom: chart.Colours is null ? 8 : 52),
            XAxis = x[0],
            YAxis = y[0],
            // Points outside the window stay: a line that loses them would join its neighbours straight across.
            DataZoom = [new("inside", XAxisIndex: 0, FilterMode: "none"), new("inside", YAxisIndex: 0, FilterMode: "none")],
            VisualMap = chart.Colours is { } colours ? EChartsColours.Of(colours, x.Length + y.Length) : null,
            Series = [.. chart.Series.Select((series, i) => EChartsSeries.Of(series, chart, i)), .. chart.Y.Concat(chart.X).Any(axis => axis.Reference is not null) ? [EChartsSeries.Lines()] : Array.Empty<EChartsSeries>()],
        };
        return new(option, x, y, chart.Notes.Count == 0 ? null : [.. chart.Notes.Select(note => (IReadOnlyList<string[]>)[.. note.Select(line => new[] { line.Label, Printable.Of(line.Text) })])]);
    }

    /// <summary>Columns: each horizontal axis' places, each vertical one's, the value of a cell, the note.</summary>
    static EChartsData Rows(Series series, Chart chart)
    {
        int places = series.X[0].Count;
        return new([.. Enumerable.Range(0, places).Select(i => (IReadOnlyList<double?>)
        [
            .. series.X.Select(x => Short(x[i])), .. series.Y.Select(y => Short(y[i])),
            .. series.Mark == Mark.Cells ? [Short(series.Values[i])] : Array.Empty<double?>(), .. series.Notes.Count > 0 ? [series.Notes[i]] : Array.Empty<double?>(),
        ])]);
    }

    static double? Short(double? value) => value is { } v && double.IsFinite(v)
        ? double.Parse(v.ToString($"G{Digits}", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) : null;
}

sealed record EChartsOption
{
    public bool Animation { get; init; }

    public string[] Color { get; } = [.. Enumerable.Range(0, Palette.Size).Select(i => $"@c{i}")];

    public required IReadOnlyList<EChartsData> Dataset { get; init; }

    public required EChartsTooltip Tooltip { get; init; }

    public required EChartsLegend Legend { get; init; }

    public required EChartsGrid Grid { get; init; }

    public required EChartsAxis XAxis { get; init; }

    public required EChartsAxis YAxis { get; init; }

    public required IReadOnlyList<EChartsZoom> DataZoom { get; init; }

    public EChartsColours? VisualMap { get; init; }

    public required IReadOnlyList<EChartsSeries> Series { get; init; }
}

/// <summary>Rows of numbers, without a header.</summary>
sealed record EChartsData(IReadOnlyList<IReadOnlyList<double?>> Source)
{
    public bool SourceHeader { get; }
}

sealed record EChartsTooltip(string Trigger, bool Confine);

sealed record EChartsLegend(bool Show, IReadOnlyList<string> Data);

sealed record EChartsGrid(int Left, int Right, int Top, int Bottom)
{
    public string OuterBoundsMode { get; } = "same";

    public string OuterBoundsContain { get; } = "all"; // titles of axes too
}

sealed record EChartsZoom(string Type, string FilterMode, int? XAxisIndex = null, int? YAxisIndex = null)
{
    public string ZoomOnMouseWheel { get; } = "ctrl"; // the wheel alone moves the page

    public bool MoveOnMouseMove { get; } = true;

    public bool PreventDefaultMouseMove { get; }
}

sealed record EChartsAxis
{
    public required string Type { get; init; }

    public required string Name { get; init; }

    public string NameLocation { get; } = "middle";

    public required bool MayBeLog { get; init; }

    public double? Reference { get; init; }

    public IReadOnlyList<string>? Data { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public bool Scale { get; } = true;

    public required bool Inverse { get; init; }

    public EChartsNameStyle NameTextStyle { get; } = new("@ink");

    public EChartsLine AxisLine { get; } = new(new("@rule"), Show: true, OnZero: false);

    public EChartsLine SplitLine { get; init; } = new(new("@grid"), Show: true, OnZero: null);

    public required EChartsLabel AxisLabel { get; init; }

    const int Wide = 100; // letters of all names of an axis, from which they are turned

    const int ShortName = 6; // letters; of such names some are left out

    public static EChartsAxis Of(Axis axis, bool isVertical) => new()
    {
        AxisLabel = new("@dim")
        {
            Rotate = !isVertical && axis.Names.Sum(name => name.Length) > Wide && axis.Names.Any(name => name.Length > ShortName) ? 40 : null,
            HideOverlap = isVertical || axis.Names.Count > 40 || axis.Names.All(name => name.Length <= ShortName),
        },
        Type = axis.Names.Count > 0 ? "category" : axis.IsLog ? "log" : "value",
        Name = Printable.Of(axis.Whole),
        MayBeLog = axis.MayBeLog,
        Reference = axis.Reference,
        Data = axis.Names.Count > 0 ? [.. axis.Names.Select(name => Printable.Of(name))] : null,
        Min = axis.Low,
        Max = axis.High,
        Inverse = isVertical && axis.Names.Count > 0, // names read from above
        SplitLine = new(new("@grid"), Show: axis.Names.Count == 0, OnZero: null),
    };
}

sealed record EChartsNameStyle(string Color);

sealed record EChartsLine(EChartsStroke LineStyle, bool Show, bool? OnZero);

sealed record EChartsStroke(string Color, double? Width = null, IReadOnlyList<double>? Type = null, string? Cap = null);

sealed record EChartsLabel(string Color)
{
    public bool HideOverlap { get; init; }

    public int? Rotate { get; init; }
}

sealed record EChartsColours(double Min, double Max, EChartsRange InRange, int Dimension, IReadOnlyList<string> Text)
{
    public bool Calculable { get; }

    public string Orient { get; } = "horizontal";

    public string Left { get; } = "center";

    public int Bottom { get; }

    public int ItemHeight { get; } = 180;

    public EChartsNameStyle TextStyle { get; } = new("@dim");

    public static EChartsColours Of(ColourScale scale, int dimension)
    {
        if (scale.Middle is not { } middle) return new(scale.Low, scale.High, new(["@faint", "@up"]), dimension, [Words(scale, scale.High), Below(scale, scale.Low)]);
        // Both sides reach as far, so that equal distances from the middle are equally strong.
        double reach = Math.Max(Math.Max(scale.High - middle, middle - scale.Low), double.Epsilon);
        return new(middle - reach, middle + reach, new(["@down", "@paper", "@up"]), dimension, [Words(scale, middle + reach), Below(scale, middle - reach)]);
    }

    /// <summary>An end of the scale; with its sign where 0 is the middle.</summary>
    static string Words(ColourScale scale, double value) => scale.Middle == 0 || value < 0 ? Wording.SignedFigures.Of(value) : Wording.SignedFigures.Size(value);

    /// <summary>The lower end, behind what the scale measures.</summary>
    static string Below(ColourScale scale, double value) => $"{Printable.Of(scale.Title)}: {Words(scale, value)}";
}

sealed record EChartsRange(IReadOnlyList<string> Color);

sealed record EChartsSeries
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public int? DatasetIndex { get; init; }

    public EChartsEncode? Encode { get; init; }

    public string? Symbol { get; init; }

    public double? SymbolSize { get; init; }

    public bool? ConnectNulls { get; init; }

    public EChartsStroke? LineStyle { get; init; }

    public EChartsItem? ItemStyle { get; init; }

    public double? Z { get; init; }

    public bool? Silent { get; init; }

    /// <summary>In which column a mark's note is; null for none.</summary>
    public int? Note { get; init; }

    /// <summary>In which column a cell's value is.</summary>
    public int? Value { get; init; }

    static string SymbolOf(Marker shape) => shape switch
    {
        Marker.Circle => "circle",
        Marker.Diamond => "diamond",
        Marker.Triangle => "triangle",
        Marker.Square => "rect",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    public static EChartsSeries Of(Series series, Chart chart, int index)
    {
        string colour = series.Colour switch { -1 => series.IsDown ? "@down" : "@up", -2 => "@ink", _ => $"@c{SeriesStyle.Colour(series.Colour)}" };
        int columns = series.X.Count + series.Y.Count;
        var all = new EChartsSeries
        {
            Name = Printable.Of(series.Name),
            Type = series.Mark switch { Mark.Points => "scatter", Mark.Cells => "heatmap", _ => "line" },
            DatasetIndex = index,
            Encode = new(0, series.X.Count, series.Mark == Mark.Cells ? columns : null),
            Z = index < 90 ? 2 + index * 0.01 : 3,
            Note = series.Notes.Count > 0 ? columns + (series.Mark == Mark.Cells ? 1 : 0) : null,
            Value = series.Mark == Mark.Cells ? columns : null,
        };
        string symbol = SymbolOf(SeriesStyle.Shape(series.Colour));
        var dashes = SeriesStyle.Dashes(series) is { Count: > 0 } some ? some : null;
        return series.Mark switch
        {
            Mark.Cells => all,
            Mark.Points => all with { Symbol = symbol, SymbolSize = series.Size, ItemStyle = new(colour, 0.75, "@paper", 0.5) },
            Mark.Strokes => all with { Symbol = "none", ConnectNulls = false, LineStyle = new(colour, series.Size, Cap: "butt"), ItemStyle = new(colour, null, null, null) },
            _ => all with
            {
                Symbol = series.Mark == Mark.Dashes ? "none" : symbol,
                SymbolSize = 5,
                ConnectNulls = false,
                LineStyle = new(colour, series.Mark == Mark.Dashes ? 1.2 : 2, dashes),
                ItemStyle = new(colour, null, null, null),
                Silent = series.Mark == Mark.Dashes ? true : null,
            },
        };
    }

    /// <summary>The series that the page's script gives lines at references.</summary>
    public static EChartsSeries Lines() => new() { Name = "reference", Type = "line", Silent = true };
}

sealed record EChartsEncode(int X, int Y, int? Value);

sealed record EChartsItem(string Color, double? Opacity, string? BorderColor, double? BorderWidth);

/// <summary>How the documents of charts are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EChartsDocument))]
sealed partial class EChartsJson : JsonSerializerContext;
