using Castalia.Reports.Pages;
using Castalia.Sweeps;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia sweep</c> prints for people.</summary>
static class SweepReport
{
    const int MostListed = 40;

    /// <summary>How far a sweep has come.</summary>
    public static Page Of(SweepStatus status) => new(Blocks(status));

    /// <summary>How one ended.</summary>
    /// <param name="end">The end.</param>
    /// <param name="folder">Its folder.</param>
    public static Page Of(SweepEnd end, string folder)
    {
        return new([
            new Paragraph(
                $"{Figures.Of(end.Cells, "cell")}: {Figures.Count(end.Done)} done, {Figures.Count(end.Computed)} of them now; {Figures.Count(end.Failed)} failed; {Figures.Count(end.Waiting)} not begun. " +
                (end.Failed > 0 ? $"Why they failed: castalia sweep status {folder}. " : "") +
                $"Runs: {Path.Combine(folder, "runs")}{There("audits", SweepFolder.AuditsPlace)}{There("networks", SweepFolder.StudiesPlace)}."),
        ]);

        string There(string what, string place) => Path.Combine(folder, place) is var path && Directory.Exists(path) ? $"; {what}: {path}" : "";
    }

    /// <summary>What would be done.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="listing">What is there.</param>
    public static Page Of(SweepPlan plan, SweepListing listing) => new(Planned(plan, listing));

    static IEnumerable<PageBlock> Planned(SweepPlan plan, SweepListing listing)
    {
        int done = plan.Cells.Count(listing.IsDone), failed = plan.Cells.Count(cell => !listing.IsDone(cell) && listing.Failed.Contains(cell.Key));
        yield return new Heading(plan.Name);
        yield return new Paragraph(
            $"{Figures.Of(plan.Cells.Count, "cell")} of {What(plan)}: {Figures.Count(done)} done, " +
            $"{Figures.Count(failed)} failed, {Figures.Count(plan.Cells.Count - done - failed)} to be computed. Nothing was run.");
        yield return new Gap();
        yield return new Table([Column.Words("cell"), Column.Words(plan.Cells.All(cell => cell is CheckpointCell) ? "checkpoint" : "of"), Column.Words("task"), Column.Words("state")],
            [.. plan.Cells.Take(MostListed).Select(IReadOnlyList<Cell> (cell) =>
                [cell.Key, cell.Named, cell.Doing, listing.IsDone(cell) ? "done" : listing.Failed.Contains(cell.Key) ? "failed" : "waiting"])]);
        if (plan.Cells.Count > MostListed) yield return new Paragraph($"… and {Figures.Count(plan.Cells.Count - MostListed)} more; --json has all.");
    }

    static string What(SweepPlan plan)
    {
        int checkpoints = plan.Cells.SelectMany(cell => cell.Checkpoints).Select(checkpoint => checkpoint.Named).Distinct().Count(), networks = plan.Cells.OfType<NetworkCell>().Count();
        return networks == 0 ? Figures.Of(checkpoints, "checkpoint") : checkpoints == 0 ? Figures.Of(networks, "network") : $"{Figures.Of(checkpoints, "checkpoint")} and {Figures.Of(networks, "network")}";
    }

    static IEnumerable<PageBlock> Blocks(SweepStatus status)
    {
        yield return new Paragraph(
            $"{Figures.Of(status.Cells, "cell")}: {Figures.Count(status.Done)} done, {Figures.Count(status.Running.Count)} running, {Figures.Count(status.Failed.Count)} failed, {Figures.Count(status.Waiting)} waiting; " +
            (status.Processes == 0 ? "nobody is at work." : $"{(status.Processes == 1 ? "1 process is" : $"{Figures.Count(status.Processes)} processes are")} at work, time left {(status.SecondsLeft is { } left ? Duration(left) : "not known yet")}."));
        if (status.Running.Count > 0)
        {
            yield return new Gap();
            yield return new Remarks([.. status.Running.Take(MostListed).Select(cell => $"running: {cell.Checkpoint}, {cell.Task}")]);
        }
        foreach (var cell in status.Failed.Take(MostListed))
        {
            yield return new Gap();
            yield return new Heading($"{cell.Checkpoint}, {cell.Task}", 3);
            yield return new Remarks([$"failed: {cell.Failure!.Cause}", $"where: {cell.Failure.Where}", $"to do: {cell.Failure.ToDo} Then: castalia sweep retry {status.Folder} {cell.Cell}"]);
        }
        if (status.Failed.Count > MostListed) yield return new Paragraph($"… and {Figures.Count(status.Failed.Count - MostListed)} more; --json has all.");
    }

    static string Duration(double seconds) => seconds < 100 ? FormattableString.Invariant($"{seconds:0} s") : seconds < 6000 ? FormattableString.Invariant($"{seconds / 60:0} min") : FormattableString.Invariant($"{seconds / 3600:0.0} h");
}
