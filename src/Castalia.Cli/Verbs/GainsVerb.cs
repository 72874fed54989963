using System.CommandLine;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs in; the table of last-layer gains out.</summary>
static class GainsVerb
{
    static readonly Argument<string[]> Named = RunsArgument.Any();

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Choice<GainGrouping> By = new(
        "--by", "A row for each model of a run, or for each category of its prompts.", ("model", GainGrouping.Model), ("category", GainGrouping.Category));

    public static Command Build()
    {
        var command = new Command(
            "gains",
            "Print the last-layer gain of every model measured: mean with interval, whether the block expands or dampens, and tests against 1.")
        {
            Named, Folder, By,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string folder = parse.GetValue(Folder)!;
            var by = By.In(parse) ?? GainGrouping.Model;
            using var store = RunsArgument.Open(folder, parse.GetValue(Named)!, cancellation);
            var rows = GainEstimate.All(MeasuredModels.Counted(store, cancellation), by, cancellation);
            RunsArgument.Write(store, parse, () => JsonText.Node(GainsDocument.Of(rows, by, folder), AnalysisJson.Default), () => GainsReport.Of(rows, folder));
        }));
        return command;
    }
}
