using Castalia.Reports.Pages;

namespace Castalia.Tests.Reports.Pages;

/// <summary>A page with every kind of block, of texts that a file could hold to be taken for something else.</summary>
static class AwkwardPage
{
    public const string Script = "<script>alert(\"x\")</script> & 'y'", Markup = "a|b*c*_d_`e`[f](g)~h~$i$ d_model \\", Escape = "\e[31mred\a\tafter", TurnedRound = "one\u202etwo\nthree", Half = "half \ud800 a pair, whole 🜂";

    /// <summary>Lines that begin something else in Markdown.</summary>
    public static readonly string[] Starts = ["# heading", "#", "> quotation", ">", "- item", "+ item", "* item", "1. item", "12) item", "---", "- - -", "-- -", "***", "___", "===", "```", "~~~", "| a |", "    code", "<div>", "&lt;", "ends in ##"];

    /// <summary>A table of awkward cells, of which some are undefined.</summary>
    public static readonly Table Table = new(
        [new(Markup), new("length", "nats"), new("word") { Kind = ColumnKind.Words }, new("sentence") { Kind = ColumnKind.Prose }, new("wide") { FromWidth = 100 }],
        [
            [Script, Castalia.Reports.Pages.Cell.Number(1.5, v => $"{v:0.000}"), "x", "Of n = 5 prompts 23 % lie below 1 ± 2, under --bos none.", "w"],
            [Markup, new("–", What: $"r of {Markup}", UndefinedBecause: $"n = 1 is below 3 & {Escape}"), Half, TurnedRound, ""],
            ["", new("–") { What = "r", Whose = "b", UndefinedBecause = "a norm is 0" }, "", "", Escape],
        ])
    { Caption = $"Caption: {Script}" };

    public static readonly Table Empty = new(["name", "figure"], []) { Caption = "Nothing" };

    public static readonly Table OneColumn = new(["only"], [[Markup], ["b"]]);

    public static readonly Table Sentences = new([new("said") { Kind = ColumnKind.Prose }], [["One sentence that a narrow terminal has to break over several lines of it."], [Escape]]);

    /// <summary>Rows without a name.</summary>
    public static readonly Table Rows = new(["count", new("text") { Kind = ColumnKind.Words }], [["1", Script], ["22", "one two"]]) { FallsIntoRows = true };

    public static readonly DepthProfile Profile = new($"Gain, {Escape}", [1.5, 600, 0.8, null, 1, 1.1, 0.5, 2, 0.9, 1]);

    public static readonly Page Page = new(
    [
        new Line($"Line: {Escape}"),
        new Heading($"Heading: {Script}"),
        new Paragraph($"Paragraph: {Markup} {Script} {TurnedRound}"),
        new Gap(),
        new Remarks([.. Starts, Script, Half]) { Mark = "• " },
        new Remarks([]),
        new Heading(Markup, 3) { Before = [("id", 6), (Escape, 10)] },
        new Facts([("name", Script), ("", TurnedRound), (Markup, Escape)], 12),
        new Heading("Second ##"),
        new Verbatim($"a  b\n```\n{Script}\n  {Escape}\n"),
        Table,
        Empty,
        OneColumn,
        Sentences,
        Rows,
        Profile,
        new DepthProfile("Length", [3, 1, null, 2], "nats"),
        new DepthProfile("Nothing", [null, null]),
        new IntervalPlot($"Intervals, {Script}", 1, [new($"{Script}", [new($"low {Escape}", 0.7, 0.8, 0.9), new("no interval", null, 1.2, null)]), new("far", [new("high", 2.0, 2.5, 3.0)])]),
        new Waterfall($"Steps, {Script}", ("1", 1), [($"up {Escape}", 0.5), (Script, -0.75)], (Markup, 0.75)),
        new Waterfall("No way", ("1", 0), [], ("1", 0)),
        new Spread($"Spread, {Script}", [("a", [-0.3, -0.1, 0.1, 0.1]), ($"```{Escape}", [1, 1])]),
    ]);
}
