using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Lists stored runs, and what is wrong with damaged ones.</summary>
static class RunsVerb
{
    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of a table." };

    public static Command Build()
    {
        var command = new Command("runs", "List stored runs, each checked against its manifest. Nothing in them is changed.") { Folder, Json };
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string folder = parse.GetValue(Folder)!;
            var runs = RunListing.Of(folder, cancellation);
            Output.Write(parse.GetValue(Json) ? RunsText.Json(runs, folder).ToJsonString(JsonFile.Readable) + "\n" : RunsText.Of(runs, folder, Terminal.Width));
        }));
        return command;
    }
}
