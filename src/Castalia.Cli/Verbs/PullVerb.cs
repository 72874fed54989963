using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Hub;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Models on the hub in; the same models in the local cache out.</summary>
static class PullVerb
{
    static readonly Argument<string[]> Repositories = new("REPOSITORY")
    {
        Description = "owner/name[@revision], or owner/name/file.gguf[@revision]; a revision is a branch, tag or commit, and main where none is named.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Build()
    {
        var command = new Command(
            "pull",
            "Fetch models into the cache that Hugging Face tools share: config, tokenizer and weights, verified by length and hash. An interrupted " +
            "pull goes on where it stopped. Heeds HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE.")
        {
            Repositories,
        };
        PageOptions.AddTo(command);
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
                PageOptions.Write(parse, () => JsonText.Node(PulledDocument.Of(pulled), HubJson.Default), () => PullReport.Of([.. addresses.Zip(pulled)]));
            },
            interrupted: "what has come so far is kept, and the same command goes on from there."));
        return command;
    }
}
