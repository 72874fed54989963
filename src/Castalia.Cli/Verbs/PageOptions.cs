using System.CommandLine;
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

    /// <summary>Whether JSON was asked for.</summary>
    public static bool IsJson(ParseResult parse) => parse.GetValue(Json);

    /// <summary>The same, for a check of options against each other.</summary>
    public static bool IsJson(System.CommandLine.Parsing.SymbolResult result) => result.GetValue(Json);

    /// <summary>Prints the page as it was asked for, or the document in its place.</summary>
    public static void Write(ParseResult parse, Func<JsonObject> document, Func<Page> page)
    {
        if (parse.GetValue(Json)) Output.Write(JsonText.Of(document()));
        else Write(parse, page());
    }

    /// <summary>Prints the page as it was asked for.</summary>
    public static void Write(ParseResult parse, Page page)
    {
        string verb = parse.CommandResult.Command.Name;
        switch (Format.In(parse) ?? PageFormat.Terminal)
        {
            case PageFormat.Plain: Output.Exactly(PlainPrinter.Of(page)); break;
            case PageFormat.Markdown: Output.Exactly(MarkdownPrinter.Of(page)); break;
            case PageFormat.Html: Output.Exactly(HtmlPrinter.Of(page, $"castalia {verb}")); break;
            default: Output.Page(page); break;
        }
    }
}
