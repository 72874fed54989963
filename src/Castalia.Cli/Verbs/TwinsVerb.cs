using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Twins;

namespace Castalia.Cli.Verbs;

/// <summary>A plan in; networks trained under controlled differences, a run of each, and a table out.</summary>
static class TwinsVerb
{
    static readonly Argument<string?> Plan = new("PLAN")
    {
        Description = "What to train: a .yaml file, as docs/twins.md describes, or the name of a study that ships.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "PLAN",
        CompletionSources = { Completions.Studies },
    };

    static readonly Option<bool> Results = new("--results") { Description = "Print what the studies that ship have shown, or the cells of the one that is named; nothing is trained." };

    static readonly Option<bool> Text = new("--plan") { Description = "Print the plan of the study that is named, as YAML; nothing is trained." };

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder of networks and runs. What is complete there is not done again.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "twins",
    };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "twins",
            "Train small networks that differ in what a plan says and in nothing else, on a generated language whose next-token entropy is known, to the same bits on every machine; measure the last checkpoint " +
            "of each like any model; print a table. Checkpoints are Hugging Face folders.")
        {
            Plan, Results, Text, Out, Threads, Seed,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            bool results = result.GetValue(Results), text = result.GetValue(Text);
            if (results && text) result.AddError("--results and --plan print two things; ask for one.");
            else if (!results && result.GetValue(Plan) is null) result.AddError(text ? "--plan needs the name of a study that ships." : "A PLAN.yaml is needed, or the name of a study that ships; --results lists these.");
        });
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            long seed = Seed.In(parse);
            if (parse.GetValue(Results))
            {
                TwinResults.Print(parse, parse.GetValue(Plan), seed, cancellation);
                return;
            }
            string named = parse.GetValue(Plan)!, folder = parse.GetValue(Out)!;
            if (parse.GetValue(Text))
            {
                Output.Exactly(ShippedStudy.TextOf(named));
                return;
            }
            var plan = TwinPlanReader.Read(named);
            RunFolder.CheckWritable(folder);
            IReadOnlyList<MeasuredTwin> twins = [];
            ProgressDisplay.Run(progress => twins = TwinStudy.Take(plan, folder, (int)Threads.In(parse), seed, new(progress.Train, progress.Model, progress.Hash, progress.Message), cancellation));
            var table = TwinTable.Of(twins);
            PageOptions.Write(parse, () => JsonText.Node(TwinsDocument.Of(folder, twins, table, TwinResults.IsShipped(named, table)), TwinsJson.Default), () => TwinsReport.Of(table, seed));
            Messages.Say($"networks: {folder}; runs: {Path.Combine(folder, "runs")}; table: {Path.Combine(folder, TwinTable.FileName)}");
            if (TwinResults.Comparison(named, table) is { } comparison) Messages.Say(comparison);
        }, interrupted: "complete checkpoints are kept, and the same command goes on from them."));
        return command;
    }
}
