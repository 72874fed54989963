using System.CommandLine;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Each;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>A claim and a checkpoint in; the runs it needs, made where they are not there, and a verdict out.</summary>
static class TestVerb
{
    static readonly Argument<string> Id = new("HYPOTHESIS")
    {
        Description = "The hypothesis, by id or its beginning (h4).",
        HelpName = "HYPOTHESIS",
        CompletionSources = { Completions.Hypotheses },
    };

    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"The model: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string[]> Files = new("--file") { Description = "A hypothesis of your own, as docs/hypotheses.md describes; may be given several times.", HelpName = "FILE.yaml" };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<long?> Memory = ByteSize.Option("--memory", "Memory for the interventions that are computed at a time, beside what a measurement takes. Default: 1GB.");

    static readonly Option<string> Out = new("--out") { Description = "Folder of the runs: those that are there are read, others are made there.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };

    static readonly WholeNumber Seed = new("--seed", "Seed of the runs that are made.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "test",
            "Test a hypothesis on one model: measure, explain and intervene as its rules for one model ask, on the prompts they name, as far as no stored run of the same weights, " +
            "prompts and interventions is there; then give the verdict with its evidence.")
        {
            Id, Source, Files, Threads, Memory, Out, Seed,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var asked = HypothesisIds.Asked(HypothesisFiles.With(parse.GetValue(Files)!), [parse.GetValue(Id)!]);
            string parent = parse.GetValue(Out)!;
            var source = CheckpointArgument.Find(parse.GetValue(Source)!);
            var model = TestedModel.Of(source, (int)Threads.In(parse), cancellation);
            var needs = asked.Select(h => h.Each).OfType<EachModel>().Where(model.IsMeant).SelectMany(each => each.Runs).Where(need => need.ActivationOf(model.Description) is not null).ToList();
            IReadOnlyList<string> made = [];
            if (needs.Count > 0)
            {
                Leftovers.Remove(parent);
                RunFolder.CheckWritable(parent);
                made = new NeededRuns(source, parse.GetValue(Source)!, model, parent, (int)Threads.In(parse), parse.GetValue(Memory) ?? InterveneVerb.DefaultMemory, Seed.In(parse), cancellation).Make(needs);
            }
            using var store = RunStore.OpenIfThere(parent, CardSet.Shipped, CheckedRuns.OfUser(), cancellation);
            RunsArgument.Warn(store);
            var evidence = new StoredEvidence(store);
            Binding.Check(asked, evidence, cancellation);
            Trial[] trials = [.. asked.Select(h =>
            {
                var verdict = HypothesisEvaluation.Of(h, evidence, cancellation);
                return new Trial(verdict, verdict.Each.FirstOrDefault(each => each.Identity == model.Identity), model.Name, made);
            })];
            PageOptions.Write(
                parse, () => JsonText.Node(TrialsDocument.Of(trials, evidence.Name), HypothesisJson.Default), () => TrialReport.Of(trials, evidence.Name));
        }, interrupted: "finished runs are kept; the same command goes on from them."));
        return command;
    }
}
