using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Lists stored runs, and what is wrong with damaged ones.</summary>
static class RunsVerb
{
    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<bool> Anew = new("--verify") { Description = "Read every file again, also where it is the one that was found whole before." };

    public static Command Build()
    {
        var command = new Command("runs", "List stored runs, each checked against its manifest. Nothing in them is changed.") { Folder, Anew };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string folder = parse.GetValue(Folder)!;
            var runs = RunListing.Of(folder, CheckedRuns.OfUser(), parse.GetValue(Anew), cancellation);
            PageOptions.Write(parse, () => JsonText.Node(RunsDocument.Of(runs, folder), StoreJson.Default), () => RunsReport.Of(runs, folder));
        }));
        return command;
    }
}
