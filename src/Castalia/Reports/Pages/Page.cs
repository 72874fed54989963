using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>What an analysis says, before it is known where it will be read: <see cref="TerminalPrinter"/>, <see cref="PlainPrinter"/>,
/// <see cref="MarkdownPrinter"/> and <see cref="HtmlPrinter"/> print any page.</summary>
/// <param name="Blocks">In reading order.</param>
sealed record Page(IReadOnlyList<PageBlock> Blocks)
{
    /// <summary>A page of blocks.</summary>
    public Page(IEnumerable<PageBlock> blocks) : this([.. blocks])
    {
    }
}

/// <summary>A part of a page; one of those below.</summary>
abstract record PageBlock;

/// <summary>A heading.</summary>
/// <param name="Text">One line.</param>
/// <param name="Level">1: of the page or of one model's part of it; 2: of a section; 3: of a table or a list.</param>
sealed record Heading(string Text, int Level = 1) : PageBlock
{
    /// <summary>Columns by which a terminal indents it.</summary>
    public int Indent { get; init; } = Level < 3 ? 0 : 2;

    /// <summary>Words before the text, as of an item of a list, each with the columns that a terminal gives it; the text's lines stand right of them.</summary>
    public IReadOnlyList<(string Word, int Columns)> Before { get; init; } = [];

    /// <summary>As documents print it.</summary>
    public string Whole => Before.Count == 0 ? Text : $"{string.Join(", ", Before.Select(before => before.Word))}: {Text}";
}

/// <summary>A paragraph; figures stand in it as words.</summary>
/// <param name="Text">Prose.</param>
/// <param name="Hang">Columns by which a terminal indents its second line further.</param>
sealed record Paragraph(string Text, int Hang = 0) : PageBlock
{
    /// <summary>Columns by which a terminal indents it.</summary>
    public int Indent { get; init; } = 2;
}

/// <summary>Short sentences that belong together, such as the runs a table was made from; a terminal begins a line with each, documents make a list of them.</summary>
/// <param name="Items">One each.</param>
/// <param name="Hang">Columns by which a terminal indents second lines further.</param>
sealed record Remarks(IReadOnlyList<string> Items, int Hang = 2) : PageBlock
{
    /// <summary>What a terminal and plain text put before each; documents have a list's own.</summary>
    public string Mark { get; init; } = "";
}

/// <summary>A line that a terminal prints from its first column and does not break.</summary>
sealed record Line(string Text) : PageBlock;

/// <summary>An empty line where a terminal needs one; documents part their blocks themselves.</summary>
sealed record Gap : PageBlock;

/// <summary>Names with what they stand for, in two columns.</summary>
/// <param name="Items">A name may be empty: what stands there goes on with the one before.</param>
/// <param name="LabelWidth">Columns of the names in a terminal.</param>
sealed record Facts(IReadOnlyList<(string Label, string Text)> Items, int LabelWidth) : PageBlock;

/// <summary>Lines whose columns matter, as code or a diagram.</summary>
/// <param name="Text">Lines ended by LF.</param>
sealed record Verbatim(string Text) : PageBlock;

/// <summary>What stands in a column.</summary>
enum ColumnKind
{
    /// <summary>Figures: flush right.</summary>
    Figures,
    /// <summary>A name or a word: flush left.</summary>
    Words,
    /// <summary>Sentences: flush left, broken over lines that share with the other columns of prose what room a terminal has.</summary>
    Prose,
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its header.</param>
/// <param name="Unit">Unit of its numbers; empty where they have none.</param>
sealed record Column(string Title, string Unit = "")
{
    /// <summary>Columns of a terminal below which it is left out.</summary>
    public int FromWidth { get; init; }

    /// <summary>What stands in it. A first column names its rows, unless the rows of the table can stand below each other.</summary>
    public ColumnKind Kind { get; init; }

    /// <summary>A column of names or words.</summary>
    public static Column Words(string title) => new(title) { Kind = ColumnKind.Words };

    /// <summary>A column of sentences.</summary>
    public static Column Prose(string title) => new(title) { Kind = ColumnKind.Prose };

    /// <summary>A column without a unit.</summary>
    public static implicit operator Column(string title) => new(title);

    /// <summary>Title and unit.</summary>
    public string Header => Unit == "" ? Title : $"{Title}, {Unit}";
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">As people read it.</param>
/// <param name="Value">As programs do; null where it is no number.</param>
/// <param name="What">What is undefined, for the line below the table.</param>
/// <param name="UndefinedBecause">Why it is; null where it is not.</param>
sealed record Cell(string Text, double? Value = null, string? What = null, string? UndefinedBecause = null)
{
    /// <summary>Of what row or column that is undefined, where <see cref="What"/> names a statistic that several have; null where it says so itself.</summary>
    public string? Whose { get; init; }

    /// <summary>A text.</summary>
    public static implicit operator Cell(string text) => new(text);

    /// <summary>A figure: its text, or – and, below the table, why.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="text">Its text.</param>
    /// <param name="what">Names it where it is undefined; null: the reason is said elsewhere.</param>
    /// <param name="whose">Of what; null where <paramref name="what"/> says so.</param>
    public static Cell Of<T>(Figure<T> figure, Func<T, string> text, string? what = null, string? whose = null) where T : struct => figure.Value is { } value
        ? new(text(value), value is double number ? number : null)
        : new(Figures.Missing, What: what, UndefinedBecause: what is null ? null : figure.UndefinedBecause) { Whose = whose };

    /// <summary>A number.</summary>
    public static Cell Number(double value, Func<double, string> text) => new(text(value), value);

    /// <summary>A count.</summary>
    public static Cell Count(long count) => new(Figures.Count(count), count);
}

/// <summary>A table; below it stands what is undefined in it, and why.</summary>
/// <param name="Columns">The first is flush left, the others as their kind says.</param>
/// <param name="Rows">A cell for each column.</param>
sealed record Table(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : PageBlock
{
    /// <summary>What documents say where there are no rows.</summary>
    internal const string NoRows = "no rows";

    /// <summary>What it shows, for documents; a terminal has it from the text around.</summary>
    public string Caption { get; init; } = "";

    /// <summary>A terminal prints the caption too.</summary>
    public bool IsTitled { get; init; }

    /// <summary>Columns by which a terminal indents it.</summary>
    public int Indent { get; init; } = 2;

    /// <summary>Least width of the first column in a terminal: tables below each other stand in line.</summary>
    public int FirstWidth { get; init; }

    /// <summary>Where a terminal is too narrow, rows stand below each other, a line for each column.</summary>
    public bool FallsIntoRows { get; init; }

    /// <summary>Whether the first column names the rows, and is flush left whatever its kind.</summary>
    internal bool NamesRows => !FallsIntoRows;

    /// <summary>Cells of rows that are not shown: why they are undefined is said nonetheless.</summary>
    public IReadOnlyList<Cell> NotShown { get; init; } = [];

    /// <summary>"– r, ρ: undefined, because there are fewer than 3 prompts.": a line for each reason.</summary>
    public IReadOnlyList<string> Undefined =>
    [
        .. Rows.SelectMany(row => row).Concat(NotShown).Where(cell => cell.UndefinedBecause is not null).Select(cell => (cell.UndefinedBecause, cell.What, cell.Whose)).Distinct()
            .GroupBy(cell => cell.UndefinedBecause, cell => (cell.What, cell.Whose))
            .Select(reason => $"{Figures.Missing} {string.Join("; ", Named(reason))}: undefined, because {reason.Key}."),
    ];

    /// <summary>"t, d of a, b": rows that lack the same statistics share their names.</summary>
    static IEnumerable<string> Named(IEnumerable<(string? What, string? Whose)> cells) => cells
        .GroupBy(cell => cell.Whose, cell => cell.What).Select(whose => (Whose: whose.Key, What: string.Join(", ", whose)))
        .GroupBy(row => (row.What, IsWhole: row.Whose is null), row => row.Whose)
        .Select(rows => rows.Key.IsWhole ? rows.Key.What : $"{rows.Key.What} of {string.Join(rows.Any(row => row!.Contains(',')) ? "; " : ", ", rows)}");
}

/// <summary>One figure over the blocks of a model, as columns.</summary>
/// <param name="Caption">What is shown.</param>
/// <param name="Values">By block; null where undefined, which leaves a gap.</param>
/// <param name="Unit">Unit of the values; empty for ratios, of which 1 is the middle.</param>
sealed record DepthProfile(string Caption, IReadOnlyList<double?> Values, string Unit = "") : PageBlock
{
    /// <summary>Caption and unit.</summary>
    public string Whole => Unit == "" ? Caption : $"{Caption}, {Unit}";
}

/// <summary>How several samples are spread, a line for each.</summary>
/// <param name="Caption">What is shown.</param>
/// <param name="Samples">Names with at least one value each.</param>
sealed record Spread(string Caption, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Samples) : PageBlock;

/// <summary>A figure with its interval, in a plot of several.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Low">Lower end; null where the interval is undefined.</param>
/// <param name="Value">The figure.</param>
/// <param name="High">Upper end; null where the interval is undefined.</param>
sealed record IntervalMark(string Name, double? Low, double Value, double? High);

/// <summary>Marks that belong together.</summary>
/// <param name="Title">What they share.</param>
/// <param name="Marks">In order, from above.</param>
sealed record IntervalGroup(string Title, IReadOnlyList<IntervalMark> Marks);

/// <summary>Figures with their intervals on one axis, and the value that they are compared with.</summary>
/// <param name="Caption">What is shown.</param>
/// <param name="Reference">The value.</param>
/// <param name="Groups">The groups, from above.</param>
sealed record IntervalPlot(string Caption, double Reference, IReadOnlyList<IntervalGroup> Groups) : PageBlock;

/// <summary>How steps lead from one value to another.</summary>
/// <param name="Caption">What is shown.</param>
/// <param name="From">Name and value of the beginning.</param>
/// <param name="Steps">Names and values of the steps, in order.</param>
/// <param name="To">Name and value of the end.</param>
sealed record Waterfall(string Caption, (string Name, double Value) From, IReadOnlyList<(string Name, double Value)> Steps, (string Name, double Value) To) : PageBlock;
