using System.CommandLine;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs in; gain by category out.</summary>
static class CategoriesVerb
{
    public static Command Build()
    {
        var runs = RunsArgument.Any();
        var folder = RunsArgument.Folder();
        var seed = AnalysisSeed.Option();
        var command = new Command(
            "categories", "Compare the last block's gain between categories of prompts, as it is and with length and entropy regressed out.") { runs, folder, seed };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string parent = parse.GetValue(folder)!;
            long number = seed.In(parse);
            using var store = RunsArgument.Open(parent, parse.GetValue(runs)!, cancellation);
            List<Categories> all = [.. GainSamples.LastTokens(store, cancellation).Select(sample => Categories.Of(sample, number, cancellation))];
            RunsArgument.Write(store, parse, () => JsonText.Node(CategoriesDocument.Of(all, parent, number), AnalysisJson.Default), () => CategoriesReport.Of(all, parent, number));
        }));
        return command;
    }
}
