using System.CommandLine;
using System.Globalization;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Stored runs in; the gain under every published convention, held against a figure, out.</summary>
static class ConventionsVerb
{
    const string Auto = "auto";

    static readonly Argument<string[]> Named = RunsArgument.Any();

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string?> Published = new("--published")
    {
        Description = "A published mean gain as printed, every digit typed: 0.80 stands for 0.795 to 0.805. Without it the whole grid is printed.",
        HelpName = "FIGURE",
    };

    // A word: the parser cannot hold a number that is given and yet null.
    static readonly Option<string?> Decimals = new("--decimals")
    {
        Description = "Decimals the figure was rounded to; auto: the digits typed. Default: auto.",
        HelpName = "N|auto",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            bool isDecimals = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int decimals) && decimals <= PublishedFigure.MostDecimals;
            if (!isDecimals && word != Auto)
                result.AddError($"--decimals takes {Auto} or a whole number from 0 to {PublishedFigure.MostDecimals}, not '{word}'.");
            return word;
        },
    };

    public static Command Build()
    {
        var command = new Command(
            "conventions",
            "Print the mean gain of every model under every published convention (reference point, position rule, precision of norms), or which of " +
            "them reproduce a published figure.")
        {
            Named, Folder, Published, Decimals,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Decimals) is { Implicit: false } && result.GetResult(Published) is null)
                result.AddError("--decimals says how --published was rounded, which is not given.");
        });
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var figure = parse.GetValue(Published) is { } text ? PublishedFigure.Of(text, DecimalsOf(parse.GetValue(Decimals))) : null;
            string folder = parse.GetValue(Folder)!;
            using var store = RunsArgument.Open(folder, parse.GetValue(Named)!, cancellation);
            var models = MeasuredModels.Conventions(store, figure, cancellation);
            RunsArgument.Write(store, parse, () => JsonText.Node(ConventionsDocument.Of(models, folder), AnalysisJson.Default), () => ConventionsReport.Of(models, folder));
        }));
        return command;
    }

    static int? DecimalsOf(string? word) => word is null or Auto ? null : int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
}
