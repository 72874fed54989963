using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Hub;
using Castalia.Reports;
using Castalia.Runs;

namespace Castalia.Cli.Verbs;

/// <summary>Models on the hub in; the same models in the local cache out.</summary>
static class PullVerb
{
    static readonly Argument<string[]> Repositories = new("REPOSITORY")
    {
        Description = "owner/name[@revision], or owner/name/file.gguf[@revision]; a revision is a branch, tag or commit, and main where none is named.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object with folders, commits and hashes instead of text." };

    public static Command Build()
    {
        var command = new Command(
            "pull",
            "Fetch models into the cache that Hugging Face tools share: config, tokenizer and weights, verified by length and hash. An interrupted " +
            "pull goes on where it stopped. Heeds HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE.")
        {
            Repositories, Json,
        };
        command.SetAction(parse => Verb.Run(
            cancellation =>
            {
                var addresses = parse.GetValue(Repositories)!.Select(HubAddress.Parse).ToList();
                var settings = HubSettings.FromEnvironment();
                var pulled = new List<Pulled>();
                ProgressDisplay.Run(progress =>
                {
                    foreach (var address in addresses)
                        pulled.Add(HubPull.Take(address, settings, progress.Message, progress.Pull($"{address}"), cancellation).GetAwaiter().GetResult());
                });
                if (parse.GetValue(Json)) Output.Write(PullReport.Json(pulled).ToJsonString(JsonFile.Readable) + "\n");
                else Output.Write(string.Join('\n', addresses.Zip(pulled, PullReport.Text)));
            },
            interrupted: "what has come so far is kept, and the same command goes on from there."));
        return command;
    }
}
