using System.CommandLine;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Runs;

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

    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of a page." };

    static readonly Option<bool> Markdown = new("--markdown") { Description = "Print docs/families.md, tables of every trait of every family." };

    public static Command Build()
    {
        var command = new Command("families", "List the model families that can be measured, and what distinguishes them.") { Named, Json, Markdown };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Markdown) && (result.GetValue(Json) || result.GetValue(Named) is { Length: > 0 }))
                result.AddError("--markdown prints every family and goes with nothing else.");
        });
        command.SetAction(parse => Verb.Run(() => Output.Write(
            parse.GetValue(Markdown) ? FamiliesMarkdown.Of()
            : parse.GetValue(Json) ? Object(parse.GetValue(Named)!).ToJsonString(JsonFile.Readable) + "\n"
            : Page(parse.GetValue(Named)!, Terminal.Width))));
        return command;
    }

    static string Page(Family[] named, int width) => named switch
    {
        [] => FamiliesText.Listing(width),
        [var one] => FamiliesText.One(one, width),
        _ => FamiliesText.Comparison(named[0], named[1], width),
    };

    static JsonObject Object(Family[] named) => named switch
    {
        [] => FamiliesJson.Listing(),
        [var one] => FamiliesJson.One(one),
        _ => FamiliesJson.Comparison(named[0], named[1]),
    };
}
