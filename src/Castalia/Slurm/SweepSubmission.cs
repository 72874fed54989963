using System.Text;
using Castalia.Checkpoints;
using Castalia.Sweeps;

namespace Castalia.Slurm;

/// <summary>An array of tasks, each of which computes cells of one sweep as a local worker does.</summary>
/// <remarks>
/// It is known by a name of its own, in the name of its job, never by the number that Slurm gives it: a controller that was killed gives numbers again. Everything that its tasks read lies in
/// <c>sweep/slurm/NAME</c> of the sweep's folder: the script, the plan as it was, the tasks' words, and a file for each time one asked to be requeued.
/// </remarks>
sealed record SweepSubmission
{
    const int DigitsOfPlan = 8, DigitsOfOwn = 8;
    const string JobPrefix = "castalia-";

    /// <summary>Seconds before the limit at which Slurm's signal is asked for; it comes up to a minute earlier.</summary>
    public const int SignalSeconds = 60;

    /// <summary>Its name: digits of its plan's cells, and digits of its own.</summary>
    public required string Name { get; init; }

    /// <summary>Where its files lie; absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>The script that each task runs.</summary>
    public required string Script { get; init; }

    /// <summary>Arguments of sbatch.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The command, as a shell takes it.</summary>
    public string Command => string.Join(' ', Arguments.Prepend("sbatch").Select(ShellWord.Of));

    /// <summary>What Slurm calls its job.</summary>
    public static string JobName(string submission) => JobPrefix + submission;

    /// <summary>What would be submitted.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="file">The plan's file.</param>
    /// <param name="castalia">The command that castalia is.</param>
    /// <param name="words">Options of each task's castalia sweep.</param>
    /// <param name="options">What is asked of Slurm.</param>
    /// <exception cref="InputException">An option is none.</exception>
    public static SweepSubmission Of(SweepFolder folder, SweepPlan plan, string file, IReadOnlyList<string> castalia, IReadOnlyList<string> words, SubmissionOptions options)
    {
        string name = OfPlan(plan) + Guid.NewGuid().ToString("N")[..DigitsOfOwn], sweep = Path.GetFullPath(folder.Path), own = Path.Combine(Path.GetFullPath(folder.Slurm), name);
        string[] arguments =
        [
            "--parsable", $"--job-name={JobName(name)}", FormattableString.Invariant($"--array=0-{options.Tasks - 1}%{options.Nodes}"), "--nodes=1", "--ntasks=1", "--requeue",
            FormattableString.Invariant($"--signal=B:USR1@{SignalSeconds}"), "--open-mode=append", $"--output={own.Replace("%", "%%", StringComparison.Ordinal)}/task-%a.log",
            .. options.Arguments(), Path.Combine(own, "job.sh"),
        ];
        string[] task = [.. castalia, "sweep", Path.Combine(own, Path.GetFileName(file)), "--out", sweep, "--submission", name, .. words];
        var script = new StringBuilder("#!/bin/bash\n# A task of castalia's sweep. It ends by itself before its time limit, and others go on from what is done.\n")
            .Append("trap '' USR1 # until castalia listens\n")
            .Append("cd -- ").Append(ShellWord.Of(Environment.CurrentDirectory)).Append(" || exit 2\n")
            .Append("exec ").Append(string.Join(' ', task.Select(ShellWord.Of)));
        if (!words.Contains("--threads")) script.Append(" --threads \"${SLURM_CPUS_ON_NODE:-1}\"");
        return new() { Name = name, Folder = own, Script = script.Append('\n').ToString(), Arguments = arguments };
    }

    /// <summary>Writes its files and submits it.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="file">The plan's file, of which the tasks read a copy.</param>
    /// <returns>Slurm's number of the job, which is good for a message and for nothing else.</returns>
    /// <exception cref="InputException">The folder cannot be written; Slurm refuses.</exception>
    public string Submit(SweepFolder folder, string file)
    {
        folder.Writing(() =>
        {
            Directory.CreateDirectory(Path.Combine(Folder, TaskEnd.Requeued));
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
            File.WriteAllText(Path.Combine(Folder, "job.sh"), Script);
        });
        return SlurmCommand.Output("sbatch", Arguments).Trim().Split(';')[0];
    }

    /// <summary>The submissions of a sweep.</summary>
    public static IReadOnlyList<string> Of(SweepFolder folder) => !Directory.Exists(folder.Slurm) ? []
        : [.. Directory.EnumerateDirectories(folder.Slurm).Select(path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal)];

    /// <summary>Those of one plan; tasks of another do not compute its cells.</summary>
    public static IReadOnlyList<string> Of(SweepFolder folder, SweepPlan plan) => [.. Of(folder).Where(name => name.StartsWith(OfPlan(plan), StringComparison.Ordinal))];

    /// <summary>Whether a word can be a submission's name.</summary>
    public static bool IsName(string word) => word.Length == DigitsOfPlan + DigitsOfOwn && word.All(char.IsAsciiHexDigitLower);

    static string OfPlan(SweepPlan plan) => SweepLists.KeyOf(plan)[..DigitsOfPlan];
}
