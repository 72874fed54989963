using Castalia.Sweeps;

namespace Castalia.Slurm;

/// <summary>What keeps a sweep's tasks from their work, and the remedy of each.</summary>
static class SlurmTroubles
{
    /// <summary>The exit code by which a task asks to be started again.</summary>
    public const int Requeue = 75;

    const int MostNamed = 5;

    /// <summary>All of them.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="tasks">Tasks that Slurm lists.</param>
    /// <param name="nodes">Nodes out of use.</param>
    /// <param name="settings">Of the cluster; null where they do not matter.</param>
    public static IEnumerable<SlurmTrouble> Of(SweepFolder folder, IReadOnlyList<SlurmTask> tasks, IReadOnlyList<SlurmNode> nodes, SlurmSettings? settings)
    {
        foreach (var task in tasks.Where(task => task.Standing == TaskStanding.Held).Take(MostNamed)) yield return OfHeld(task);
        foreach (var task in tasks.Where(task => task.Standing == TaskStanding.Pending).DistinctBy(task => task.Reason))
            if (OfPending(task) is { } trouble) yield return trouble;
        foreach (var node in nodes.Take(MostNamed)) yield return OfNode(node);
        if (nodes.Count > MostNamed) yield return new(FormattableString.Invariant($"{nodes.Count - MostNamed} more nodes are out of use."), "sinfo --list-reasons names them.");
        if (tasks.All(task => task.Standing == TaskStanding.Held))
            yield return new(
                tasks.Count == 0 ? "Slurm lists no task of this sweep: those that were submitted have ended, or were cancelled or lost." : "Slurm lists no task of this sweep that goes on by itself.",
                $"castalia sweep PLAN --out {folder.Path} --on slurm, as before: it submits what is missing. What the tasks said: {Path.Combine(folder.Slurm, "*", "task-*.log")}");
        if (settings?.Requeues.Contains(Requeue) == false) yield return NotRequeued();
    }

    /// <summary>A cluster that does not start such tasks again.</summary>
    public static SlurmTrouble NotRequeued() => new(
        FormattableString.Invariant($"This cluster does not start tasks again that end with {Requeue} (its RequeueExit lacks it): at its time limit a task leaves the rest, and is listed as failed."),
        "Give the same command again then; or --tasks N with N above --nodes, so that later tasks go on.");

    static SlurmTrouble OfHeld(SlurmTask task) => new(
        $"Task {task.Id} is held ({task.Reason}).",
        task.Reason == "JobHeldAdmin" ? $"An administrator held it, and can release it: scontrol release {task.Id}"
        : task.Reason.Contains("launch failed", StringComparison.Ordinal) ? $"It could not be started. scontrol release {task.Id}; where it is held again, scancel {task.Id}, and the same castalia sweep … --on slurm"
        : $"scontrol release {task.Id}");

    static SlurmTrouble? OfPending(SlurmTask task) => task.Reason switch
    {
        "PartitionTimeLimit" => new($"Task {task.Id} asks for more time than partition {task.Partition} gives.", $"scancel {task.Id}, then a shorter --time or another --partition"),
        "BadConstraints" => new($"No node has what task {task.Id} asks for.", $"scancel {task.Id}, then other --cpus-per-task, --mem or --slurm-option"),
        "DependencyNeverSatisfied" => new($"What task {task.Id} depends on has failed.", $"scancel {task.Id}, then the same command without the dependency"),
        "PartitionDown" or "PartitionInactive" => new($"Partition {task.Partition} is down.", "Wait until an administrator opens it, or another --partition"),
        var reason when reason.Contains("ot available", StringComparison.OrdinalIgnoreCase) || reason.StartsWith("ReqNodeNotAvail", StringComparison.Ordinal) || reason.StartsWith("Nodes required", StringComparison.Ordinal) =>
            new($"Task {task.Id} waits for nodes that are out of use or reserved ({reason}).", "They are named here; else wait, or another --partition"),
        var reason when reason.StartsWith("Assoc", StringComparison.Ordinal) || reason.StartsWith("QOS", StringComparison.Ordinal) || reason.StartsWith("Invalid", StringComparison.Ordinal) =>
            new($"Task {task.Id} waits for a limit of its account or quality of service ({reason}).", "It goes on when other jobs end, unless it asks for more than the limit allows: sacctmgr show assoc"),
        _ => null,
    };

    static SlurmTrouble OfNode(SlurmNode node) => new(
        $"Node {node.Name} of partition {node.Partition} is {(node.State.EndsWith('*') ? $"{node.State.TrimEnd('*')} and does not answer" : node.State)}{(node.Reason is "none" or "" ? "" : $": {node.Reason}")}.",
        $"Once that is mended, an administrator: scontrol update NodeName={node.Name} State=RESUME");
}
