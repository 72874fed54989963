using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Hub;
using Castalia.Machine;
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

    static readonly Option<string?> Corpus = new("--corpus")
    {
        Description = "Train on this text (UTF-8) instead of the generated language, or of the plan's corpus. Its last twentieth is held out, and the networks are measured on that; nobody knows the entropy of what follows.",
        HelpName = "FILE",
    };

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        Description = "What makes tokens of it: a tokenizer's file, a folder that has one, a GGUF file, or owner/name[@revision] in the hub's cache. It is laid beside every checkpoint.",
        HelpName = "TOKENIZER",
    };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<long?> Memory = ByteSize.Option("--memory", "Memory that the networks trained at once may take. Default: what is available.");

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "twins",
            "Train small networks that differ in what a plan says and in nothing else, on a generated language whose next-token entropy is known, to the same bits on every machine; measure the last checkpoint " +
            "of each like any model; print a table. Checkpoints are Hugging Face folders.")
        {
            Plan, Out, Corpus, Tokenizer, Threads, Memory, Seed, Verify,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Corpus) is null != result.GetValue(Tokenizer) is null) result.AddError("--corpus FILE and --tokenizer TOKENIZER are given together.");
            if (result.GetValue(Corpus) is not null && result.GetValue(Plan) is null) result.AddError("--corpus needs a PLAN: what is trained on it.");
            if (result.GetValue(Verify) && (result.GetValue(Plan) is not null || result.GetResult(Out) is { Implicit: false }))
                result.AddError("--verify trains the shipped twins, in a temporary folder, and goes with no PLAN and no --out.");
        });
        command.SetAction(parse => parse.GetValue(Verify) ? TwinsVerification.Run(parse, (int)Threads.In(parse)) : Verb.Run(cancellation =>
        {
            var plan = parse.GetValue(Plan) is { } named ? TwinPlanReader.Read(named, CorpusIn(parse)) : ShippedTwins.Plan;
            if (parse.GetValue(Plan) is null) Messages.Say($"no PLAN: the shipped one, {Figures.Of(plan.Twins.Count, "network")}");
            string folder = parse.GetValue(Out)!;
            long seed = Seed.In(parse);
            RunFolder.CheckWritable(folder);
            long memory = Math.Min(parse.GetValue(Memory) ?? long.MaxValue, AvailableMemory.Bytes());
            StudyResult? result = null;
            ProgressDisplay.Run(progress =>
                result = TwinStudy.Take(plan, folder, (int)Threads.In(parse), seed, memory, new(progress.Train, progress.Model, progress.Hash, progress.Message), cancellation));
            var (twins, failure) = (result!.Measured, result.Failure(folder));
            if (twins.Count == 0) throw failure!;
            PageOptions.Write(parse, () => JsonText.Node(TwinsDocument.Of(plan, folder, twins), TwinsJson.Default), () => TwinsReport.Of(plan, twins, seed));
            if (plan == ShippedTwins.Plan) Messages.Say(ShippedTwinsReport.Losses(twins));
            Messages.Say($"networks: {folder}; runs: {Path.Combine(folder, TwinMeasuring.RunsFolder)}; curves: {Path.Combine(folder, TwinCurves.FileName)}");
            if (failure is not null) throw failure;
        }, interrupted: "complete checkpoints are kept, and the same command goes on from them."));
        return command;
    }

    static CorpusSource? CorpusIn(ParseResult parse) => parse.GetValue(Corpus) is not { } file ? null
        : CorpusSource.Of(file, CheckpointArgument.Find(parse.GetValue(Tokenizer)!, Wanted.Tokenizer).Path);
}
