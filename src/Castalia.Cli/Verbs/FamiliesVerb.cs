using System.CommandLine;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Reports.Pages;

namespace Castalia.Cli.Verbs;

/// <summary>Prints what is supported and what tells one family from another.</summary>
static class FamiliesVerb
{
    static readonly Argument<Family[]> Named = new("FAMILY")
    {
        Description = "Title or model_type. None: every family beside its nearest relative. One: all about it. Two: what tells them apart.",
        Arity = new ArgumentArity(0, 2),
        HelpName = "FAMILY",
        CompletionSources = { Completions.Families },
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.Select(token => token.Value)];
            foreach (string name in names.Where(name => FamilyNames.Find(name) is null))
                result.AddError($"Unknown family '{name}'.{Usage.Meant(name, FamilyNames.All)} 'castalia families' lists them.");
            return [.. names.Select(FamilyNames.Find).OfType<Family>()];
        },
    };

    static readonly Option<bool> Markdown = new("--markdown") { Description = "Print docs/families.md: each family beside its relative, and tables of every trait of all." };

    public static Command Build()
    {
        var command = new Command("families", "List the model families that can be measured, and what distinguishes them.") { Named, Markdown };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Markdown) && (PageOptions.AreIn(result) || result.GetValue(Named) is { Length: > 0 }))
                result.AddError("--markdown prints every family and goes with nothing else.");
        });
        command.SetAction(parse => Verb.Run(() =>
        {
            var named = parse.GetValue(Named)!;
            if (parse.GetValue(Markdown)) Output.Exactly(MarkdownPrinter.Of(FamiliesReport.Document()));
            else PageOptions.Write(parse, () => Document(named), () => PageOf(named));
        }));
        return command;
    }

    static Page PageOf(Family[] named) => named switch
    {
        [] => FamiliesReport.Listing(),
        [var one] => FamiliesReport.One(one),
        _ => FamiliesReport.Comparison(named[0], named[1]),
    };

    static JsonObject Document(Family[] named) => named switch
    {
        [] => JsonText.Node(FamiliesDocument.All(), ArchitectureJson.Default),
        [var one] => JsonText.Node(FamilyDocument.Of(one), ArchitectureJson.Default),
        _ => JsonText.Node(FamilyComparisonDocument.Of(named[0], named[1]), ArchitectureJson.Default),
    };
}
