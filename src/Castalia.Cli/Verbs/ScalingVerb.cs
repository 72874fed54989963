using System.CommandLine;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs of several sizes in; how their figures change with the number of parameters out.</summary>
static class ScalingVerb
{
    static readonly Option<string?> Family = new("--family")
    {
        Description = "Only models of this model_type, or with this word in their name.",
        HelpName = "WORD",
    };

    public static Command Build()
    {
        var runs = RunsArgument.Any();
        var folder = RunsArgument.Folder();
        var seed = AnalysisSeed.Option();
        var command = new Command(
            "scaling", "Fit power laws of attention's contraction, the last MLP's gain and the last block's gain over model sizes.") { runs, folder, Family, seed };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string parent = parse.GetValue(folder)!;
            long number = seed.In(parse);
            using var store = RunsArgument.Open(parent, parse.GetValue(runs)!, cancellation);
            var scaling = Scaling.Of(ScaledModels.Of(store, parse.GetValue(Family), number, cancellation));
            RunsArgument.Write(store, parse, () => JsonText.Node(ScalingDocument.Of(scaling, parent, number), AnalysisJson.Default), () => ScalingReport.Of(scaling, parent, number));
        }));
        return command;
    }
}
