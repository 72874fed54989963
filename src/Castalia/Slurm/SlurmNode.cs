namespace Castalia.Slurm;

/// <summary>A node that cannot be used as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Slurm's word: drained, draining, down; with a star where it does not answer.</param>
/// <param name="Partition">One that it belongs to.</param>
/// <param name="Reason">What was said when it became so.</param>
sealed record SlurmNode(string Name, string State, string Partition, string Reason)
{
    /// <summary>Whether it takes no new job until someone sees to it.</summary>
    public bool IsDrained => State.StartsWith("drain", StringComparison.Ordinal);

    /// <summary>Nodes out of use.</summary>
    /// <param name="partitions">Of these; none: of any.</param>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static IReadOnlyList<SlurmNode> OutOfUse(IReadOnlyCollection<string> partitions) =>
        Of(SlurmCommand.Output("sinfo", ["--noheader", "--Node", "--format=%N|%T|%P|%E", .. partitions.Count == 0 ? (string[])[] : [$"--partition={string.Join(',', partitions)}"]]));

    /// <summary>What sinfo prints, a line for each node and partition.</summary>
    public static IReadOnlyList<SlurmNode> Of(string output) =>
    [
        .. output.Split('\n').Select(line => line.Split('|', 4)).Where(fields => fields.Length == 4)
            .Select(fields => new SlurmNode(fields[0], fields[1], fields[2].TrimEnd('*'), fields[3].Trim()))
            .Where(node => node.IsDrained || node.State.StartsWith("down", StringComparison.Ordinal) || node.State.StartsWith("fail", StringComparison.Ordinal) || node.State.EndsWith('*'))
            .DistinctBy(node => node.Name),
    ];
}
