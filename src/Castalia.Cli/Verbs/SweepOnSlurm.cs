using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Slurm;
using Castalia.Sweeps;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>A sweep by tasks of Slurm: what submits and follows them, and what each of them is.</summary>
static class SweepOnSlurm
{
    const int UserSignal1 = 10; // on Linux, where Slurm is

    // Between two questions: a controller is asked by everyone.
    static readonly TimeSpan s_least = TimeSpan.FromSeconds(1), s_most = TimeSpan.FromSeconds(15);

    /// <summary>Submits tasks, as many as are missing, and says what to do next.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="file">The plan's file.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The sweep.</param>
    /// <param name="words">Options for each task.</param>
    /// <param name="isDry">Nothing is written or submitted.</param>
    /// <param name="cancellation">Ends following.</param>
    public static int Submit(ParseResult parse, string file, SweepPlan plan, SweepFolder folder, IReadOnlyList<string> words, bool isDry, CancellationToken cancellation)
    {
        var options = SlurmOptions.In(parse);
        if (isDry)
        {
            var submission = Submission(parse, file, plan, folder, words, options);
            string time = TimeLimit(options, isDry);
            PageOptions.Write(parse,
                () => new JsonObject { ["folder"] = submission.Folder, ["time_limit"] = time, ["script"] = submission.Script, ["command"] = submission.Command },
                () => new Page([.. SweepReport.Of(plan, folder.List()).Blocks, .. SlurmReport.Of(submission, time)]));
            return ExitCode.Done;
        }
        folder.Make();
        SweepLists.Write(folder, plan);
        int left = Left(plan, folder);
        if (left > 0) SubmitMissing(parse, file, plan, folder, words, options with { Nodes = Math.Min(options.Nodes, left) });
        else Messages.Say("every cell is done or has failed; nothing was submitted");
        bool waits = SlurmOptions.WaitIn(parse);
        if (left > 0 && waits) left = Follow(plan, folder, cancellation);
        Print(parse, SweepStatus.Of(folder), folder);
        if (left > 0) return waits ? ExitCode.Requeue : ExitCode.Done;
        var listing = folder.List();
        return plan.Cells.All(listing.IsDone) ? ExitCode.Done : ExitCode.BadInput;
    }

    /// <summary>Prints how far a sweep has come, and what Slurm says of it where it was submitted.</summary>
    public static void Print(ParseResult parse, SweepStatus status, SweepFolder folder)
    {
        var slurm = SlurmStatus.Of(folder, status.Running.Count + status.Waiting);
        PageOptions.Write(parse,
            () =>
            {
                var document = JsonText.Node(status, SweepJson.Default);
                if (slurm is not null) document["slurm"] = JsonText.Node(slurm, SlurmJson.Default);
                return document;
            },
            () => slurm is null ? SweepReport.Of(status) : new Page([.. SweepReport.Of(status).Blocks, .. SlurmReport.Of(slurm)]));
    }

    /// <summary>Computes cells as a task, until its time limit comes near.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The sweep.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops within a cell.</param>
    public static int Compute(ParseResult parse, SweepPlan plan, SweepFolder folder, SweepOptions options, CancellationToken cancellation)
    {
        string submission = SlurmOptions.SubmissionIn(parse)!;
        var left = SlurmTask.LeftTo(Environment.GetEnvironmentVariable("SLURM_JOB_ID"));
        using var deadline = new SweepDeadline(left);
        using var signal = PosixSignalRegistration.Create((PosixSignal)UserSignal1, context =>
        {
            context.Cancel = true;
            deadline.Move(TimeSpan.FromSeconds(SweepSubmission.SignalSeconds));
        });
        int index = int.TryParse(Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID"), out int task) ? task : 0;
        Messages.Say($"task {index} on {Environment.MachineName}, {(left is { } time ? $"{time:d\\-hh\\:mm\\:ss} left" : "no time limit known")}, {Figures.Of(options.Threads, "thread")}");
        var end = SweepRun.Take(plan, folder, options with { Deadline = deadline, Patience = 2 * options.Lease }, cancellation);
        PageOptions.Write(parse, () => JsonText.Node(end, SweepJson.Default), () => SweepReport.Of(end, folder.Path));
        if (TaskEnd.Requeues(folder, submission, index, end, deadline.IsNear, SlurmOptions.RequeuesIn(parse)))
        {
            Messages.Say("the time limit came near; the task asks to be started again");
            return ExitCode.Requeue;
        }
        if (end.Waiting > 0) Messages.Say("others compute what is left");
        return end.Waiting == 0 && end.Failed > 0 ? ExitCode.BadInput : ExitCode.Done;
    }

    static void SubmitMissing(ParseResult parse, string file, SweepPlan plan, SweepFolder folder, IReadOnlyList<string> words, SubmissionOptions options)
    {
        int live = SlurmTask.Listed(SweepSubmission.Of(folder, plan)).Count(task => task.Standing != TaskStanding.Held), nodes = options.Nodes - live;
        if (nodes <= 0)
        {
            Messages.Say($"{Figures.Of(live, "task")} of this plan {(live == 1 ? "is" : "are")} with Slurm already; nothing was submitted");
            return;
        }
        string time = TimeLimit(options, isDry: false);
        bool isRequeued = SlurmSettings.Ask().Requeues.Contains(SlurmTroubles.Requeue);
        options = options with { Nodes = nodes, Tasks = Math.Max(nodes, options.Tasks - live) };
        var submission = Submission(parse, file, plan, folder, words, options);
        string job = submission.Submit(folder, file);
        Messages.Say($"job {job} of {Figures.Of(options.Tasks, "task")}, {Figures.Count(nodes)} at a time; time limit of each: {time}");
        if (!isRequeued && SlurmTroubles.NotRequeued() is var trouble) Messages.Say($"{trouble.What} To do: {trouble.ToDo}");
        Messages.Say($"next: castalia sweep status {folder.Path}; to end it: scancel --name={SweepSubmission.JobName(submission.Name)}");
    }

    static SweepSubmission Submission(ParseResult parse, string file, SweepPlan plan, SweepFolder folder, IReadOnlyList<string> words, SubmissionOptions options) =>
        SweepSubmission.Of(folder, plan, file, Castalia(), [.. words, "--requeues", FormattableString.Invariant($"{SlurmOptions.RequeuesIn(parse)}")], options);

    /// <summary>Says how far the plan has come until every cell is done or has failed, or no task is left; the cells that are left.</summary>
    static int Follow(SweepPlan plan, SweepFolder folder, CancellationToken cancellation)
    {
        string last = "";
        int gone = 0;
        for (var period = s_least; ; period = period * 1.5 < s_most ? period * 1.5 : s_most)
        {
            var status = SweepStatus.Of(folder);
            int left = Left(plan, folder);
            var slurm = SlurmStatus.Of(folder, left);
            string now = $"{Figures.Count(plan.Cells.Count - left)} of {Figures.Of(plan.Cells.Count, "cell")} done or failed, {Figures.Count(status.Running.Count)} running" +
                (slurm is null ? "" : slurm.Answers ? $"; Slurm: {SlurmReport.Summary(slurm)}" : "; Slurm does not answer");
            if (now != last) Messages.Say(last = now);
            // A controller that was just started may not list what it will.
            gone = slurm is { Answers: true, Live: 0 } && status.Processes == 0 ? gone + 1 : 0;
            if (left == 0 || gone == 3) return left;
            cancellation.WaitHandle.WaitOne(period);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    static string TimeLimit(SubmissionOptions options, bool isDry)
    {
        if (options.Time is { } given) return $"--time {given}";
        if (Environment.GetEnvironmentVariable("SBATCH_TIMELIMIT") is { Length: > 0 } set) return $"{set}, as of SBATCH_TIMELIMIT";
        if (options.Further.Any(option => option.TrimStart('-').StartsWith("time=", StringComparison.Ordinal))) return "as --slurm-option says";
        try
        {
            var partition = SlurmPartition.Ask(options.Partition ?? Environment.GetEnvironmentVariable("SBATCH_PARTITION"));
            return partition.TimeLimit == "UNLIMITED" ? $"none, as of partition {partition.Name}" : $"{partition.TimeLimit}, as of partition {partition.Name}";
        }
        catch (InputException e) when (isDry)
        {
            return $"the partition's, which cannot be asked for ({e.Cause})";
        }
    }

    /// <summary>The command that this process is: its own program, or dotnet with ours.</summary>
    static string[] Castalia() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) switch
    {
        "castalia" => [OfAnyProcessor(Environment.ProcessPath!)],
        "dotnet" => [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "castalia.dll")],
        _ => ["dotnet", Path.Combine(AppContext.BaseDirectory, "castalia.dll")],
    };

    /// <summary>Of an archive of native commands what chooses among them: the tasks may run on another processor than this one.</summary>
    internal static string OfAnyProcessor(string command)
    {
        string folder = Path.GetDirectoryName(command)!, chooser = Path.GetFullPath(Path.Combine(folder, "..", "castalia"));
        return Path.GetFileName(folder).StartsWith("x86-64-v", StringComparison.Ordinal) && File.Exists(chooser) ? chooser : command;
    }

    static int Left(SweepPlan plan, SweepFolder folder)
    {
        var listing = folder.List();
        return plan.Cells.Count(cell => !listing.IsDone(cell) && !listing.Failed.Contains(cell.Key));
    }
}
