using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Reports.Pages;

namespace Castalia.Cli.Verbs;

/// <summary>How a page is printed.</summary>
enum PageFormat
{
    /// <summary>For a terminal of its width.</summary>
    Terminal,
    /// <summary>Without a width.</summary>
    Plain,
    /// <summary>As a document for other documents.</summary>
    Markdown,
    /// <summary>As one file for a browser.</summary>
    Html,
}

/// <summary>Options of every verb that prints a page.</summary>
static class PageOptions
{
    /// <summary>--json.</summary>
    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of a page." };

    static readonly Choice<PageFormat> Format = new(
        "--format", "How the page is printed: for this terminal, as plain text without a width, as Markdown, or as one HTML file. Default: terminal.",
        ("terminal", PageFormat.Terminal), ("plain", PageFormat.Plain), ("markdown", PageFormat.Markdown), ("html", PageFormat.Html));

    /// <summary>Adds them to a verb.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Format);
        command.Add(Json);
    }

    /// <summary>Whether one of them was given.</summary>
    public static bool AreIn(SymbolResult result) => result.GetValue(Json) || Format.In(result) is not null;

    /// <summary>Whether a page goes to a terminal, or a pipe that is read by people: what is not known before its end may follow it.</summary>
    public static bool IsTerminal(ParseResult parse) => !IsJson(parse) && FormatIn(parse) == PageFormat.Terminal;

    static PageFormat FormatIn(ParseResult parse) => Format.In(parse) ?? PageFormat.Terminal;

    /// <summary>Adds the format alone, to a verb whose page has no JSON.</summary>
    public static void AddPageTo(Command command) => command.Add(Format);

    /// <summary>Whether JSON was asked for.</summary>
    public static bool IsJson(ParseResult parse) => parse.GetValue(Json);

    /// <summary>The same, for a check of options against each other.</summary>
    public static bool IsJson(SymbolResult result) => result.GetValue(Json);

    /// <summary>Prints the page as it was asked for, or the document in its place.</summary>
    public static void Write(ParseResult parse, Func<JsonObject> document, Func<Page> page)
    {
        if (parse.GetValue(Json)) Output.Write(JsonText.Of(document()));
        else Write(parse, page());
    }

    /// <summary>Prints the page as it was asked for.</summary>
    public static void Write(ParseResult parse, Page page)
    {
        var format = FormatIn(parse);
        if (format == PageFormat.Terminal) Output.Page(page);
        else Output.Exactly(Text(page, format, parse.CommandResult.Command));
    }

    /// <summary>The page in a format; for a terminal one of <see cref="Terminal.Narrow"/> columns.</summary>
    public static string Text(Page page, PageFormat format, Command verb) => format switch
    {
        PageFormat.Plain => PlainPrinter.Of(page),
        PageFormat.Markdown => MarkdownPrinter.Of(page, page.Blocks.OfType<Heading>().Any() ? $"castalia {verb.Name}" : ""), // a table alone is pasted into other documents
        PageFormat.Html => HtmlPrinter.Of(page, $"castalia {verb.Name}"),
        _ => TerminalPrinter.Of(page, Terminal.Narrow),
    };
}
