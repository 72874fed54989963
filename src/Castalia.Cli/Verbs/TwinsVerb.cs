using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>A plan in; networks trained under controlled differences, a run of each, and a table out.</summary>
static class TwinsVerb
{
    static readonly Argument<string?> Plan = new("PLAN")
    {
        Description = "What to train: a .yaml file; docs/twins.md describes it. None: the plan of the twins that castalia measure shows.",
        HelpName = "PLAN.yaml",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Verify = new("--verify") { Description = "Train those twins again, in a temporary folder, and compare them with what is shipped, to the bit." };

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
            Plan, Out, Threads, Seed, Verify,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Verify) && (result.GetValue(Plan) is not null || result.GetResult(Out) is { Implicit: false }))
                result.AddError("--verify trains the shipped twins, in a temporary folder, and goes with no PLAN and no --out.");
        });
        command.SetAction(parse => parse.GetValue(Verify) ? TwinsVerification.Run(parse, (int)Threads.In(parse)) : Verb.Run(cancellation =>
        {
            var plan = parse.GetValue(Plan) is { } named ? TwinPlanReader.Read(named) : ShippedTwins.Plan;
            if (parse.GetValue(Plan) is null) Messages.Say($"no PLAN: the shipped one, {Figures.Of(plan.Twins.Count, "network")}");
            string folder = parse.GetValue(Out)!;
            long seed = Seed.In(parse);
            RunFolder.CheckWritable(folder);
            IReadOnlyList<MeasuredTwin> twins = [];
            ProgressDisplay.Run(progress => twins = TwinStudy.Take(plan, folder, (int)Threads.In(parse), seed, new(progress.Train, progress.Model, progress.Hash, progress.Message), cancellation));
            PageOptions.Write(parse, () => JsonText.Node(TwinsDocument.Of(plan, folder, twins), TwinsJson.Default), () => TwinsReport.Of(plan, twins, seed));
            if (plan == ShippedTwins.Plan) Messages.Say(ShippedTwinsReport.Losses(twins));
            Messages.Say($"networks: {folder}; runs: {Path.Combine(folder, "runs")}");
        }, interrupted: "complete checkpoints are kept, and the same command goes on from them."));
        return command;
    }
}
