using Castalia.Errors;

namespace Castalia.Slurm;

/// <summary>What can be wrong with a sweep on Slurm.</summary>
static class SlurmErrors
{
    /// <summary>No Slurm here.</summary>
    public static InputException NotInstalled(string program, Exception? why = null) => new(
        $"There is no {program} here.", $"{program}, in PATH", "Submit where Slurm's commands are, as on a cluster's login node, or leave out --on slurm.", why);

    /// <summary>Slurm says no.</summary>
    public static InputException Refused(string program, string said) => new(
        $"{program} ended with an error: {said}", program, "Mend what it names; --dry-run prints the command, which can be tried by hand.");

    /// <summary>Slurm says nothing.</summary>
    public static InputException NoAnswer(string program, TimeSpan patience) => new(
        FormattableString.Invariant($"{program} did not answer in {patience.TotalSeconds:0} s."), program,
        "See by sinfo whether Slurm's controller runs, then give the same command again: what is done stays done, and a job that was submitted nevertheless is seen.");

    /// <summary>No partition to submit to.</summary>
    public static InputException NoPartition(string? named, IEnumerable<string> known) => new(
        named is null ? "This cluster has no default partition." : $"There is no partition named '{named}'.", "--partition", $"Name one of them: {string.Join(", ", known)}.");

    /// <summary>An option of Slurm that the sweep needs for itself.</summary>
    public static InputException OwnOption(string option, string name) => new(
        $"The sweep sets --{name} itself.", $"--slurm-option {option}", "Leave it out; for partition, time, cpus-per-task, mem and account there are options of castalia.");

    /// <summary>Something that is no option of sbatch.</summary>
    public static InputException NoOption(string option) => new(
        $"'{option}' is no option of sbatch.", $"--slurm-option {option}", "Write its long name without dashes: qos=long, exclusive.");

    /// <summary>A cell that does not fit into a task.</summary>
    public static InputException NoProgress(string folder) => new(
        "This task finished no cell before its time limit came near; it does not ask to be requeued, for it would again.", folder, "Give the same command with a longer --time, or more --cpus-per-task.");

    /// <summary>A task that was requeued as often as it may be.</summary>
    public static InputException TooOften(int requeues, string folder) => new(
        FormattableString.Invariant($"This task asked {requeues} times to be requeued, as often as it may."), folder, "Give the same castalia sweep … --on slurm command again: it goes on from what is done.");
}
