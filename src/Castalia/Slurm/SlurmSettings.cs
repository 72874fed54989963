using System.Globalization;

namespace Castalia.Slurm;

/// <summary>What of a cluster's settings matters to a sweep.</summary>
/// <param name="Requeues">Exit codes after which Slurm starts a task again by itself.</param>
sealed record SlurmSettings(IReadOnlySet<int> Requeues)
{
    const int MostExitCode = 255;

    /// <summary>Asks for them.</summary>
    /// <exception cref="InputException">Slurm is not there or does not answer.</exception>
    public static SlurmSettings Ask() => Of(SlurmCommand.Output("scontrol", "show", "config"));

    /// <summary>What scontrol prints, "NAME = VALUE" in each line.</summary>
    public static SlurmSettings Of(string output)
    {
        var requeues = new HashSet<int>();
        foreach (string line in output.Split('\n'))
        {
            if (line.Split('=', 2) is not [var name, var value] || name.Trim() != "RequeueExit") continue;
            foreach (string range in value.Split(','))
            {
                string[] ends = range.Trim().Split('-');
                if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)) continue;
                for (int code = first; code <= Math.Min(last, MostExitCode); code++) requeues.Add(code);
            }
        }
        return new(requeues);
    }
}

/// <summary>A partition: nodes that one submits to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">Whether it is meant where none is named.</param>
/// <param name="TimeLimit">Of a job that asks for none, as Slurm writes it; UNLIMITED for none.</param>
sealed record SlurmPartition(string Name, bool IsDefault, string TimeLimit)
{
    /// <summary>The partition of a name, or the default one; the first of several, as of "long,short".</summary>
    /// <exception cref="InputException">There is none; Slurm is not there or does not answer.</exception>
    public static SlurmPartition Ask(string? named)
    {
        var all = Of(SlurmCommand.Output("scontrol", "show", "partition", "--oneliner"));
        string? first = named?.Split(',')[0];
        return all.FirstOrDefault(partition => first is null ? partition.IsDefault : partition.Name == first) ?? throw SlurmErrors.NoPartition(named, all.Select(partition => partition.Name));
    }

    /// <summary>What scontrol prints, a line for each.</summary>
    public static IReadOnlyList<SlurmPartition> Of(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0], StringComparer.Ordinal)
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal))
            .Where(values => values.ContainsKey("PartitionName"))
            .Select(values => new SlurmPartition(values["PartitionName"], values.GetValueOrDefault("Default") == "YES",
                values.GetValueOrDefault("DefaultTime", "NONE") is not "NONE" and var time ? time : values.GetValueOrDefault("MaxTime", "UNLIMITED"))),
    ];
}
