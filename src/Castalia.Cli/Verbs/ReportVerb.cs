using System.CommandLine;
using Castalia.Dossier;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Reports.Print;
using Castalia.Reports.Sections;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs in; one document with charts out.</summary>
static class ReportVerb
{
    static readonly Argument<string[]> Named = RunsArgument.Any();

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string> Out = new("--out")
    {
        Description = "The document: one HTML file with charts (.html), or Markdown with tables (.md). It must not be there yet.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "report.html",
    };

    static readonly Option<string?> ForPrint = new("--figures")
    {
        Description = "Also write every figure for a paper, 86 mm and 178 mm wide, as SVG and PNG (300 dots an inch), the caption beside it, into a folder that is not there yet.",
        HelpName = "DIR",
    };

    static readonly Option<bool> Published = new("--published") { Description = "Set the published study's eight models beside those of the runs." };

    static readonly Option<string[]> With = Chapters();

    public static Command Build()
    {
        var command = new Command("report", "Write one document over stored runs that opens from disk: the finding, charts with their tables, verdicts, models and provenance.") { Named, Folder, Out, ForPrint, Published, With };
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string file = parse.GetValue(Out)!;
            bool isHtml = file.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
            if (!isHtml && !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
                throw new InputException($"'{file}' is neither HTML nor Markdown by its name.", "--out", "End it with .html or .md.");
            ResultFile.CheckFree(file);
            string? figures = parse.GetValue(ForPrint);
            if (figures is not null) FigureFiles.CheckFree(figures);
            using var store = Store(parse, cancellation);
            var page = ReportPage.Of(ReportEvidence.Of(store, parse.GetValue(Published), cancellation), parse.GetValue(With)!.Length > 0 ? DossierEvidence.Of(store, cancellation) : null);
            ResultFile.Write(file, path => File.WriteAllText(path, isHtml ? HtmlPrinter.Of(page, ReportPage.Title) : MarkdownPrinter.Of(page)));
            Messages.Say($"report: {Path.GetFullPath(file)}");
            if (figures is null) return;
            int count = FigureFiles.Write(page, figures, cancellation);
            Messages.Say($"figures: {Path.GetFullPath(figures)}: {Figures.Of(count, "figure")}, each {string.Join(" and ", PrintWidth.All.Select(width => $"{width.Millimetres} mm"))} wide, with its caption");
        }));
        return command;
    }

    /// <summary>The runs that were named, or those of the folder; null where there is no folder and the study is to be shown.</summary>
    static RunStore? Store(ParseResult parse, CancellationToken cancellation)
    {
        string folder = parse.GetValue(Folder)!;
        string[] named = parse.GetValue(Named)!;
        return parse.GetValue(Published) && named.Length == 0 && parse.GetResult(Folder) is not { Implicit: false } && !Directory.Exists(folder) ? null : RunsArgument.Open(folder, named, cancellation);
    }

    static Option<string[]> Chapters()
    {
        var option = new Option<string[]>("--with") { Description = "Include further chapters: dossier.", HelpName = "dossier", AllowMultipleArgumentsPerToken = false };
        option.AcceptOnlyFromAmong("dossier");
        return option;
    }
}
