namespace Castalia.Sweeps;

/// <summary>A plan before it is carried out, for programs.</summary>
/// <param name="Plan">Its name.</param>
/// <param name="Cells">Its cells.</param>
sealed record SweepPlanDocument(string Plan, IReadOnlyList<PlannedCellDocument> Cells)
{
    /// <summary>Of a plan.</summary>
    public static SweepPlanDocument Of(SweepPlan plan, SweepListing listing) => new(plan.Name, [.. plan.Cells.Select(cell => new PlannedCellDocument(
        cell.Key, cell.Named, cell.Doing, listing.IsDone(cell) ? "done" : listing.Failed.Contains(cell.Key) ? "failed" : "waiting"))]);
}

/// <summary>One cell of it; state is done, failed or waiting.</summary>
sealed record PlannedCellDocument(string Cell, string Checkpoint, string Task, string State);
