using System.CommandLine;
using System.Globalization;
using Castalia.Checkpoints;
using Castalia.Hub;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Sweeps;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>A plan of many cells in; a run of each in a folder that several may share, out.</summary>
static class SweepVerb
{
    static readonly Argument<string> Plan = new("PLAN") { Description = "What to compute: a .yaml file; docs/sweeps.md describes it.", HelpName = "PLAN.yaml" };

    static readonly Argument<string> Folder = new("DIR") { Description = "The folder of a sweep.", HelpName = "DIR" };

    static readonly Argument<string[]> Cells = new("CELL")
    {
        Description = "Names of failed cells as status prints them, or their beginnings. None: all that failed.",
        HelpName = "CELL",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder of the sweep, which several processes and machines may share. What is done there is not done again.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "sweep",
    };

    static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be computed, and write nothing." };

    static readonly WholeNumber Workers = new("--workers", "Cells computed at a time, with a share of the threads each.", 1, 256, () => ("1", "--workers"));

    static readonly Option<long?> Disk = ByteSize.Option("--disk", "Room for checkpoints that are fetched and dropped again. Default: what the disk has.");

    static readonly WholeNumber Minutes = new("--minutes", "Begin no cell that would end later than that, by the longest so far; 0 for no limit.", 0, 1_000_000, () => ("0", "--minutes"));

    static readonly WholeNumber Lease = new(
        "--lease", "Seconds of silence after which others take this process for dead, where they cannot see that it is.", 1, 86_400, () => ("60", "--lease"));

    static readonly WholeNumber Threads = PromptOptions.Threads();

    public static Command Build()
    {
        var command = new Command(
            "sweep",
            "Measure, explain, intervene in or read as maps many checkpoints, audit their models, train the networks of studies, as a plan says: models × revisions × prompts × options. Each cell is an ordinary run, an audit or a network; a cell that is done is never computed " +
            "again, by anyone who shares the folder. Ends with 75 where it stopped before the end and should be started again, with 2 where cells failed.")
        {
            Plan, Out, DryRun, Workers, Disk, Minutes, Lease, Threads,
        };
        SlurmOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (SlurmOptions.AreAsked(result) && result.GetResult(Minutes) is { Implicit: false }) result.AddError("--minutes goes with --on local; of Slurm's tasks --time says it.");
        });
        PageOptions.AddTo(command);
        command.Add(Status());
        command.Add(Retry());
        command.SetAction(parse =>
        {
            var folder = new SweepFolder(parse.GetValue(Out)!);
            return Verb.Run(
                cancellation =>
                {
                    var plan = SweepPlanReader.Read(parse.GetValue(Plan)!, Cache);
                    if (SlurmOptions.AreAsked(parse)) return SweepOnSlurm.Submit(parse, parse.GetValue(Plan)!, plan, folder, Words(parse), parse.GetValue(DryRun), cancellation);
                    if (parse.GetValue(DryRun))
                    {
                        var listing = folder.List();
                        PageOptions.Write(parse, () => JsonText.Node(SweepPlanDocument.Of(plan, listing), SweepJson.Default), () => SweepReport.Of(plan, listing));
                        return ExitCode.Done;
                    }
                    RunFolder.CheckWritable(folder.Path);
                    if (SlurmOptions.SubmissionIn(parse) is not null) return SweepOnSlurm.Compute(parse, plan, folder, Options(parse), cancellation);
                    var end = SweepRun.Take(plan, folder, Options(parse), cancellation);
                    PageOptions.Write(parse, () => JsonText.Node(end, SweepJson.Default), () => SweepReport.Of(end, folder.Path));
                    return end.Waiting > 0 ? ExitCode.Requeue : end.Failed > 0 ? ExitCode.BadInput : ExitCode.Done;
                },
                interrupted: "finished cells are kept, and the same command goes on from them.", terminated: SlurmOptions.SubmissionIn(parse) is null ? ExitCode.Requeue : ExitCode.Terminated);
        });
        return command;
    }

    static Command Status()
    {
        var command = new Command("status", "Say how far a sweep has come: done, running, failed with the reason of each, waiting, time left.") { Folder };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(() =>
        {
            var folder = new SweepFolder(parse.GetValue(Folder)!);
            SweepOnSlurm.Print(parse, SweepStatus.Of(folder), folder);
        }));
        return command;
    }

    static Command Retry()
    {
        var command = new Command("retry", "Forget failures, so that the next sweep computes these cells again.") { Folder, Cells };
        command.SetAction(parse => Verb.Run(() =>
        {
            var folder = new SweepFolder(parse.GetValue(Folder)!);
            if (!folder.Exists) throw SweepErrors.NoSweep(folder.Path);
            Messages.Say($"{Figures.Of(SweepFailures.Forget(folder, parse.GetValue(Cells)!), "failure")} forgotten; castalia sweep with the plan computes them again");
        }));
        return command;
    }

    /// <summary>The options of each task, which says for itself what it was not told.</summary>
    static string[] Words(ParseResult parse) =>
    [
        .. new[] { Workers, Lease, Threads }.Where(option => parse.GetResult(option) is { Implicit: false }).SelectMany(option => new[] { option.Name, parse.GetValue(option)! }),
        .. parse.GetValue(Disk) is { } disk ? [Disk.Name, disk.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
    ];

    static SweepOptions Options(ParseResult parse) => new()
    {
        Compute = SweepWork.Compute,
        Audit = SweepWork.Audit,
        Fault = InputFault.Of,
        Hub = HubSettings.FromEnvironment,
        Say = Messages.Say,
        Workers = (int)Workers.In(parse),
        Threads = (int)Threads.In(parse),
        Disk = parse.GetValue(Disk),
        Lease = TimeSpan.FromSeconds(Lease.In(parse)),
        Limit = Minutes.In(parse) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null,
    };

    static HubCache Cache() => new(HubSettings.FromEnvironment().CacheFolder);
}
