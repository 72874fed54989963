using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>What a measurement would take, before it is begun and before anything is fetched.</summary>
static class PlanVerb
{
    static readonly Argument<string[]> Models = new("MODEL")
    {
        Description = "What would be measured, each a folder holding config.json and weights, a GGUF file, or owner/name[@revision] on the hub.",
        Arity = ArgumentArity.OneOrMore,
        HelpName = "MODEL",
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<string?> Prompts = PromptOptions.Named($" Default: {PromptSets.Standard25}.");

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Choice<Positions> Range = new("--positions",
        "Entropy and a row of readings at the last position, or at all of them as well.", ("last", Positions.Last), ("all", Positions.All));

    static readonly Option<bool> LogitLens = new("--logit-lens") { Description = "Also read entropy and top token after every block." };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder in which the run folder would be made.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    public static Command Build()
    {
        var command = new Command(
            "plan",
            "Say what measuring models would take: memory, disk, time on this machine by its measured peak, and files to fetch of a model that is not " +
            "in the hub's cache. Reads and fetches headers and descriptions, no weights. Heeds HF_HUB_OFFLINE.")
        {
            Models, Prompts, Texts, Bos, Range, LogitLens, Threads, Out,
        };
        PageOptions.AddTo(command);
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = RunChoices.Of(parse, Threads, Bos, Range, LogitLens);
            string[] texts = parse.GetValue(Texts)!;
            string? named = parse.GetValue(Prompts) ?? (texts.Length > 0 ? null : PromptSets.Standard25);
            var prompts = PromptOptions.Read(named, texts);
            // More threads than processors would only take turns.
            double peak = FmaPeak.Measure(Math.Min(options.Threads, Environment.ProcessorCount));
            List<RunPlan> plans = [.. parse.GetValue(Models)!.Select(model => Plan(model, prompts, options, peak, cancellation))];
            string runs = parse.GetValue(Out)!;
            string? cache = plans.Any(plan => plan.Survey is not null || plan.Needs is null) ? HubSettings.FromEnvironment().CacheFolder : null;
            var place = new PlanPlace(
                PromptOptions.SetName(named), options.AllPositions, options.LogitLens, options.Threads, peak, runs, DiskRoom.Bytes(runs), cache,
                cache is null ? null : DiskRoom.Bytes(cache));
            PageOptions.Write(parse, () => JsonText.Node(PlanDocument.Of(plans, place), RunJson.Default), () => PlanReport.Of(plans, place));
        }));
        return command;
    }

    static RunPlan Plan(string named, IReadOnlyList<Prompt> prompts, RunOptions options, double peak, CancellationToken cancellation)
    {
        bool isName = !Path.Exists(named) && HubAddress.TryParse(named, out _);
        if (!isName || IsInCache(named)) return OnDisk(CheckpointArgument.Find(named), survey: null);
        var address = HubAddress.Parse(named);
        var settings = HubSettings.FromEnvironment();
        if (settings.Offline)
            return new(named, null, null, "The model is not in the hub's cache, and HF_HUB_OFFLINE forbids to ask the hub which files it has and how large they are.");
        string scratch = Directory.CreateTempSubdirectory("castalia-plan-").FullName;
        try
        {
            var survey = HubPull.Survey(address, settings, scratch, Messages.Say, cancellation).GetAwaiter().GetResult();
            return survey.Outline is { } outline ? OnDisk(new(outline, named, survey.Origin), survey) : new(named, survey, null,
                "Of weights in this form nothing can be said before they are fetched.");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        RunPlan OnDisk(CheckpointSource source, HubSurvey? survey)
        {
            string name = survey is null ? ModelNames.Of([source.Name])[0] : source.Name;
            return new(name, survey, RunPlan.Of(source.Path, name, prompts, options, peak, cancellation), null);
        }
    }

    /// <summary>Whether the cache has all of a model.</summary>
    static bool IsInCache(string named)
    {
        try
        {
            CheckpointArgument.Find(named);
            return true;
        }
        catch (InputException)
        {
            return false; // what is wrong with it, a pull will mend
        }
    }
}
