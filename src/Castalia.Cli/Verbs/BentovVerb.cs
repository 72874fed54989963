using System.CommandLine;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs in; what they say of |gain − 1| ∝ entropy out.</summary>
static class BentovVerb
{
    static readonly Option<bool> Positions = new("--positions")
    {
        Description = "Also every position but the first of each prompt, with intervals by text and gain in bins of entropy, for runs that recorded them.",
    };

    public static Command Build()
    {
        var runs = RunsArgument.Any();
        var folder = RunsArgument.Folder();
        var seed = AnalysisSeed.Option();
        var command = new Command(
            "bentov", "Test whether |gain − 1| of the last block is proportional to output entropy, with its confounders.") { runs, folder, Positions, seed };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string parent = parse.GetValue(folder)!;
            long number = seed.In(parse);
            using var store = RunsArgument.Open(parent, parse.GetValue(runs)!, cancellation);
            var bentov = Bentov.Of(
                GainSamples.LastTokens(store, cancellation),
                parse.GetValue(Positions) ? GainSamples.EveryPosition(store, cancellation) : null, number, cancellation);
            RunsArgument.Write(store, parse, () => JsonText.Node(BentovDocument.Of(bentov, parent), AnalysisJson.Default), () => BentovReport.Of(bentov, parent));
        }));
        return command;
    }
}
