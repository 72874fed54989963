using System.CommandLine;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Curves;
using Castalia.Reports;
using Castalia.Reports.Print;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs of several training steps in; how a reading goes over training out.</summary>
static class CurveVerb
{
    static readonly Option<string?> Reading = ReadingOption();

    static readonly Choice<GainGrouping> By = new(
        "--by", "A curve for each training, or for each category of its prompts.", ("model", GainGrouping.Model), ("category", GainGrouping.Category));

    static readonly Choice<DuplicateSteps> Duplicates = new(
        "--duplicates", "Steps that hold the same weights, byte for byte, other than 0 and 1: refused, or drawn and named.", ("refuse", DuplicateSteps.Refuse), ("keep", DuplicateSteps.Keep));

    static readonly Option<string?> ForPrint = new("--figures")
    {
        Description = "Also write the chart for a paper, 86 mm and 178 mm wide, as SVG and PNG (300 dots an inch), the caption beside it, into a folder that is not there yet.",
        HelpName = "DIR",
    };

    public static Command Build()
    {
        var runs = RunsArgument.Any();
        var folder = RunsArgument.Folder();
        var seed = AnalysisSeed.Option();
        var command = new Command(
            "curve",
            "Follow a reading over training steps: mean with interval at each, crossings, onset and freeze, whether it still drifts, slowing. The step is that of the revision (owner/name@step1000), or of a folder stepN.")
        {
            runs, folder, Reading, By, Duplicates, ForPrint, seed,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string parent = parse.GetValue(folder)!;
            string? figures = parse.GetValue(ForPrint);
            if (figures is not null) FigureFiles.CheckFree(figures);
            using var store = RunsArgument.Open(parent, parse.GetValue(runs)!, cancellation);
            var set = CurveSet.Of(
                store, CurveReading.Of(parse.GetValue(Reading) ?? CurveReading.All[0].Key), By.In(parse) ?? GainGrouping.Model, Duplicates.In(parse) ?? DuplicateSteps.Refuse, seed.In(parse), cancellation);
            PageOptions.Write(parse, () => JsonText.Node(CurveDocument.Of(set, parent), CurveJson.Default), () => CurveReport.Of(set, parent));
            if (figures is null) return;
            int count = FigureFiles.Write(CurveReport.Of(set, parent), figures, cancellation);
            Messages.Say($"figures: {Path.GetFullPath(figures)}: {Figures.Of(count, "figure")}, each {string.Join(" and ", PrintWidth.All.Select(width => $"{width.Millimetres} mm"))} wide, with its caption");
        }));
        return command;
    }

    static Option<string?> ReadingOption()
    {
        var option = new Option<string?>("--reading");
        Words.Take(option, "What is followed, of the last block at the last token; loss is that of each text's own tokens.", [.. CurveReading.All.Select(reading => reading.Key)]);
        return option;
    }
}
