using System.CommandLine;
using System.Globalization;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Runs;

namespace Castalia.Cli.Verbs;

/// <summary>Two stored runs in; paired differences between their models out.</summary>
static class CompareVerb
{
    static readonly Argument<string[]> Named = new("RUN")
    {
        Description = "Two runs, or one that holds both models, each by its name or its beginning, by a model, as 'latest', or by a path. Differences are first minus second.",
        HelpName = "RUN",
        CompletionSources = { Completions.Runs },
        Arity = new ArgumentArity(1, 2),
    };

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string[]> Models = new("--model")
    {
        Description = "Which model, where a run has several: once for both runs, or twice, first the first run's.",
        HelpName = "NAME",
        Arity = new ArgumentArity(1, 2),
    };

    static readonly Option<double?> Margin = new("--margin")
    {
        Description = "Largest difference of mean gain that you count as none: also tests whether the difference lies within it.",
        HelpName = "GAIN",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double margin) && margin > 0 && double.IsFinite(margin)) return margin;
            result.AddError($"--margin takes a number greater than 0, not '{word}'.");
            return null;
        },
    };

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "compare", "Compare two models on the same prompts, or one model under two settings: differences prompt by prompt, with intervals and tests.")
        {
            Named, Folder, Models, Margin, Seed,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string folder = parse.GetValue(Folder)!;
            string[] named = parse.GetValue(Named)!;
            using var store = RunsArgument.Open(folder, named, cancellation);
            var runs = store.Select(named);
            if (runs.Count > 2) runs = [.. runs.DistinctBy(run => run.Name)]; // a model that two runs measured, named twice
            if (runs.Count > 2) throw ComparisonErrors.SeveralRuns([.. runs.Select(run => run.Name)], folder);
            IReadOnlyList<MeasuredModel>[] models = [.. runs.Select(run => MeasuredModels.Of(store, [run], cancellation))];
            var (first, second) = ModelPair.Of(models, parse.GetValue(Models) is { Length: > 0 } asked ? asked : ModelPair.Meant(models, named));
            var comparison = Comparison.Of(first, second, Seed.In(parse), parse.GetValue(Margin));
            PageOptions.Write(parse, () => JsonText.Node(CompareDocument.Of(comparison, folder), AnalysisJson.Default), () => CompareReport.Of(comparison, folder));
        }));
        return command;
    }
}
