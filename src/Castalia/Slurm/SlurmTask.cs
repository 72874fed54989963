namespace Castalia.Slurm;

/// <summary>Where a task of a sweep stands with Slurm.</summary>
enum TaskStanding
{
    /// <summary>It will be started.</summary>
    Pending,
    /// <summary>It runs.</summary>
    Running,
    /// <summary>It will not be started until someone releases it.</summary>
    Held,
}

/// <summary>A task of a sweep, as Slurm lists it.</summary>
/// <param name="Id">As Slurm's commands take it: JOB_INDEX.</param>
/// <param name="Submission">The sweep's own name of the array that it belongs to; Slurm gives numbers twice.</param>
/// <param name="State">Slurm's word for its state.</param>
/// <param name="Reason">Slurm's word for why it waits.</param>
/// <param name="Node">Where it runs; empty where it does not.</param>
/// <param name="TimeLeft">Of its time limit, as Slurm writes it.</param>
/// <param name="Partition">Where it was submitted to.</param>
sealed record SlurmTask(string Id, string Submission, string State, string Reason, string Node, string TimeLeft, string Partition)
{
    // Not --json: its filters are ignored, its members differ between versions, and many clusters are built without it.
    const string Format = "%i|%j|%T|%N|%L|%P|%r";

    /// <summary>Where it stands.</summary>
    public TaskStanding Standing => State is "SPECIAL_EXIT" or "REQUEUE_HOLD" or "RESV_DEL_HOLD" || Reason.StartsWith("JobHeld", StringComparison.Ordinal) || Reason.Contains("held", StringComparison.Ordinal)
        ? TaskStanding.Held : State is "PENDING" or "REQUEUED" or "REQUEUE_FED" ? TaskStanding.Pending : TaskStanding.Running;

    /// <summary>The tasks of some submissions that Slurm lists; one that it does not list may have ended, or have been cancelled or lost.</summary>
    /// <param name="submissions">The submissions.</param>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static IReadOnlyList<SlurmTask> Listed(IReadOnlyCollection<string> submissions) => submissions.Count == 0 ? []
        : Of(SlurmCommand.Output("squeue", "--noheader", "--array", "--all", $"--name={string.Join(',', submissions.Select(SweepSubmission.JobName))}", $"--format={Format}"), submissions);

    /// <summary>What squeue prints; lines of others' jobs are passed over.</summary>
    public static IReadOnlyList<SlurmTask> Of(string output, IReadOnlyCollection<string> submissions)
    {
        var names = submissions.ToDictionary(SweepSubmission.JobName, submission => submission, StringComparer.Ordinal);
        return [.. output.Split('\n').Select(line => line.Split('|', 7))
            .Where(fields => fields.Length == 7 && names.ContainsKey(fields[1]))
            .Select(fields => new SlurmTask(fields[0], names[fields[1]], fields[2], fields[6].Trim(), fields[3], fields[4], fields[5]))
            .Where(task => task.State != "COMPLETING")];
    }

    /// <summary>The time left to the job that this process is; null where it has no limit, or Slurm does not say.</summary>
    /// <param name="job">SLURM_JOB_ID.</param>
    public static TimeSpan? LeftTo(string? job)
    {
        try
        {
            return job is null ? null : SlurmTime.Of(SlurmCommand.Output("squeue", "--noheader", $"--jobs={job}", "--format=%L"));
        }
        catch (InputException)
        {
            return null; // the signal before the limit says it too
        }
    }
}
