using System.CommandLine;
using Castalia.Cards;
using Castalia.Dossier;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Writes the dossier: the study's six questions answered from the published data, what ships, and stored runs.</summary>
static class DossierVerb
{
    static readonly Argument<string[]> Named = RunsArgument.Any();

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string> Section = SectionOption();

    static readonly Option<string> Out = new("--out")
    {
        Description = "Write the document there, as Markdown (.md) or as one HTML file (.html), in place of printing it; the file must not be there yet.",
        HelpName = "FILE",
    };

    public static Command Build()
    {
        var command = new Command("dossier", "Write one document: literature, differences of architecture and training, analogies, hypotheses, what would falsify them, who expands, and what is settled.")
        {
            Named, Folder, Section, Out,
        };
        PageOptions.AddPageTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string? file = parse.GetValue(Out);
            if (file is not null) CheckName(file);
            using var store = Store(parse, cancellation);
            var page = DossierReport.Of(DossierEvidence.Of(store, cancellation), parse.GetValue(Section));
            if (file is null) PageOptions.Write(parse, page);
            else ResultFile.Write(file, path => File.WriteAllText(path, IsHtml(file) ? HtmlPrinter.Of(page, "The last-layer residual gain: a dossier") : MarkdownPrinter.Of(page)));
        }));
        return command;
    }

    /// <summary>The runs that were named, or those of the folder; null where there are none, for the document is whole without.</summary>
    static RunStore? Store(ParseResult parse, CancellationToken cancellation)
    {
        string folder = parse.GetValue(Folder)!;
        string[] named = parse.GetValue(Named)!;
        if (named.Length == 0 && parse.GetResult(Folder) is not { Implicit: false } && !Directory.Exists(folder)) return null;
        var store = RunStore.Open(folder, named, CardSet.Shipped, CheckedRuns.OfUser(), cancellation);
        RunsArgument.Warn(store);
        if (store.Runs.Count > 0) return store;
        store.Dispose();
        return null;
    }

    static void CheckName(string file)
    {
        if (!IsHtml(file) && !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"'{file}' is neither Markdown nor HTML by its name.", "--out", "End it with .md or .html.");
        ResultFile.CheckFree(file);
    }

    static bool IsHtml(string file) => file.EndsWith(".html", StringComparison.OrdinalIgnoreCase);

    static Option<string> SectionOption()
    {
        var option = new Option<string>("--section") { Description = "Print one section." };
        option.AcceptOnlyFromAmong([.. DossierText.Shipped.Select(section => section.Id)]);
        return option;
    }
}
