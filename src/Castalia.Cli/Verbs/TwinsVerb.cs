using System.CommandLine;
using System.CommandLine.Parsing;
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
        Description = "What to train: a .yaml file, as docs/twins.md describes, or the name of a study that ships. None: the plan of the twins that castalia measure shows.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "PLAN",
        CompletionSources = { Completions.Studies },
    };

    static readonly Option<bool> Verify = new("--verify") { Description = "Train those twins again, in a temporary folder, and compare them with what is shipped, to the bit." };

    static readonly Option<bool> Results = new("--results") { Description = "Print what the studies that ship have shown, or the cells of the one that is named; nothing is trained." };

    static readonly Option<bool> Text = new("--plan") { Description = "Print the plan of the study that is named, as YAML; nothing is trained." };

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
            Plan, Results, Text, Verify, Out, Corpus, Tokenizer, Threads, Memory, Seed,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(Check);
        command.SetAction(parse =>
            parse.GetValue(Verify) ? TwinsVerification.Run(parse, (int)Threads.In(parse))
            : parse.GetValue(Results) ? Verb.Run(cancellation => TwinResults.Print(parse, parse.GetValue(Plan), Seed.In(parse), cancellation))
            : parse.GetValue(Text) ? Verb.Run(_ => Output.Exactly(ShippedStudy.TextOf(parse.GetValue(Plan)!)))
            : Verb.Run(cancellation => Train(parse, cancellation), interrupted: "complete checkpoints are kept, and the same command goes on from them."));
        return command;
    }

    static void Check(CommandResult result)
    {
        bool isNamed = result.GetValue(Plan) is not null, hasOut = result.GetResult(Out) is { Implicit: false };
        if (result.GetValue(Corpus) is null != result.GetValue(Tokenizer) is null) result.AddError("--corpus FILE and --tokenizer TOKENIZER are given together.");
        if (result.GetValue(Corpus) is not null && !isNamed) result.AddError("--corpus needs a PLAN: what is trained on it.");
        if (new[] { Results, Text, Verify }.Count(option => result.GetValue(option)) > 1) result.AddError("--results, --plan and --verify are three things; ask for one.");
        if (result.GetValue(Text) && !isNamed) result.AddError("--plan needs the name of a study that ships.");
        if (result.GetValue(Verify) && (isNamed || hasOut)) result.AddError("--verify trains the shipped twins, in a temporary folder, and goes with no PLAN and no --out.");
    }

    static void Train(ParseResult parse, CancellationToken cancellation)
    {
        string? named = parse.GetValue(Plan);
        string folder = parse.GetValue(Out)!;
        long seed = Seed.In(parse), memory = Math.Min(parse.GetValue(Memory) ?? long.MaxValue, AvailableMemory.Bytes());
        var plan = named is null ? ShippedTwins.Plan : TwinPlanReader.Read(named, CorpusIn(parse));
        if (named is null) Messages.Say($"no PLAN: the shipped one, {Figures.Of(plan.Twins.Count, "network")}");
        RunFolder.CheckWritable(folder);
        StudyOutcome? outcome = null;
        ProgressDisplay.Run(progress =>
            outcome = TwinStudy.Take(plan, folder, (int)Threads.In(parse), seed, memory, new(progress.Train, progress.Model, progress.Hash, progress.Message), cancellation));
        var (twins, failure) = (outcome!.Measured, outcome.Failure(folder));
        if (twins.Count == 0) throw failure!;
        var table = TwinTable.Of(twins);
        bool? isShipped = named is null ? null : TwinResults.IsShipped(named, table);
        PageOptions.Write(parse, () => JsonText.Node(TwinsDocument.Of(folder, twins, table, isShipped), TwinsJson.Default), () => TwinsReport.Of(table, seed));
        if (named is null) Messages.Say(ShippedTwinsReport.Losses(twins));
        string written = $"networks: {folder}; runs: {Path.Combine(folder, TwinMeasuring.RunsFolder)}; curves: {Path.Combine(folder, TwinCurves.FileName)}";
        Messages.Say(failure is null ? $"{written}; table: {Path.Combine(folder, TwinTable.FileName)}" : written);
        if (failure is not null) throw failure;
        if (named is not null && TwinResults.Comparison(named, table) is { } comparison) Messages.Say(comparison);
    }

    static CorpusSource? CorpusIn(ParseResult parse) => parse.GetValue(Corpus) is not { } file ? null
        : CorpusSource.Of(file, CheckpointArgument.Find(parse.GetValue(Tokenizer)!, Wanted.Tokenizer).Path);
}
