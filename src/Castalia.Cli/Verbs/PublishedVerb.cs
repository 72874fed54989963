using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Published;
using Castalia.Reports;
using Castalia.Runs;

namespace Castalia.Cli.Verbs;

/// <summary>Recomputes a published study from its own figures and says what sound practice changes.</summary>
static class PublishedVerb
{
    static readonly Choice<StudyPart> Part = new("--part", "One part only.",
        [.. Enum.GetValues<StudyPart>().Select(part => ($"{part}".ToLowerInvariant(), part))]);

    static readonly Option<string> Import = new("--import")
    {
        Description = "Make the data set anew from a folder with the study's result files; with --out.",
        HelpName = "FOLDER",
    };

    static readonly Option<string> Out = new("--out") { Description = "File to make with --import; it must not exist.", HelpName = "FILE" };

    public static Command Build()
    {
        Part.Description = "One part only; without it, all.";
        var command = new Command("published",
            "Recompute the published study of eight models from its own figures, and say what changes under sound practice.") { Part, Import, Out };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            bool imports = result.GetResult(Import) is not null, writes = result.GetResult(Out) is not null;
            if (imports != writes) result.AddError("--import and --out go together: a folder to read, a file to make.");
            else if (imports && (PageOptions.AreIn(result) || result.GetResult(Part) is not null)) result.AddError("--import goes with --out alone.");
        });
        command.SetAction(parse => Verb.Run(() =>
        {
            if (parse.GetValue(Import) is { } folder)
            {
                string file = parse.GetValue(Out)!;
                Leftovers.RemoveBeside(file);
                Importer.Write(folder, file);
                Console.Error.WriteLine($"Wrote {Printable.Of(file, 600)}.");
                return;
            }
            var review = StudyReview.Of(PublishedStudy.Shipped);
            IReadOnlyList<StudyPart> parts = Part.In(parse) is { } part ? [part] : Enum.GetValues<StudyPart>();
            PageOptions.Write(parse, () => JsonText.Node(StudyDocument.Of(review, parts), StudyDocumentJson.Default), () => StudyReport.Of(review, parts));
        }));
        return command;
    }
}
