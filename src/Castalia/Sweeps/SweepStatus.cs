using System.Text.Json.Serialization;

namespace Castalia.Sweeps;

/// <summary>A cell that is being computed or has failed.</summary>
/// <param name="Cell">Its provisional name.</param>
/// <param name="Checkpoint">Its checkpoint.</param>
/// <param name="Task">What is done with it.</param>
/// <param name="Failure">Why it failed; null for one that is being computed.</param>
sealed record SweepCellStatus(string Cell, string Checkpoint, string Task, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SweepFailure? Failure);

/// <summary>How far a sweep has come.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Cells">Planned cells, of all plans.</param>
/// <param name="Done">Cells whose result is there.</param>
/// <param name="Running">Cells that a living process computes.</param>
/// <param name="Failed">Cells that failed.</param>
/// <param name="Waiting">The others.</param>
/// <param name="Processes">Living processes.</param>
/// <param name="SecondsLeft">At the pace since the first of them began; null where there is none, or it has finished nothing.</param>
sealed record SweepStatus(string Folder, int Cells, int Done, IReadOnlyList<SweepCellStatus> Running, IReadOnlyList<SweepCellStatus> Failed, int Waiting, int Processes, double? SecondsLeft)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">There is no sweep; a list cannot be read.</exception>
    public static SweepStatus Of(SweepFolder folder)
    {
        var cells = SweepLists.Read(folder);
        var watch = new OwnerWatch(folder);
        var alive = watch.Alive();
        var held = new SweepClaims(folder, watch).Held();
        var listing = folder.List();
        List<SweepCellStatus> running = [], failed = [];
        int done = 0;
        foreach (var cell in cells)
        {
            if (listing.IsDone(cell.Key, cell.Place)) done++;
            else if (listing.Failed.Contains(cell.Key)) failed.Add(new(cell.Key, cell.Checkpoint, cell.Task, SweepFailures.Read(folder, cell.Key)));
            else if (held.Contains(cell.Key)) running.Add(new(cell.Key, cell.Checkpoint, cell.Task, null));
        }
        int left = cells.Count - done - failed.Count;
        return new(Path.GetFullPath(folder.Path), cells.Count, done, running, failed, left - running.Count, alive.Count, Left(folder, alive, left));
    }

    static double? Left(SweepFolder folder, IReadOnlyList<OwnerText> alive, int left)
    {
        if (alive.Count == 0 || left == 0) return left == 0 ? 0 : null;
        var since = alive.Min(owner => owner.SinceUtc);
        var ends = SweepFolder.Names(folder.Known).Select(known => File.GetLastWriteTimeUtc(Path.Combine(folder.Known, known))).Where(end => end > since).ToList();
        return ends.Count == 0 ? null : left * (ends.Max() - since).TotalSeconds / ends.Count;
    }
}

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SweepStatus))]
[JsonSerializable(typeof(SweepEnd))]
[JsonSerializable(typeof(SweepPlanDocument))]
sealed partial class SweepJson : JsonSerializerContext;
