namespace Castalia.Runs;

/// <summary>Where a plan would be carried out.</summary>
/// <param name="Prompts">What the prompts are called.</param>
/// <param name="AllPositions">Whether every position is read.</param>
/// <param name="LogitLens">Whether every block is read through the unembedding.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Peak">The machine's peak, operations per second.</param>
/// <param name="Runs">Where the run folder would be made.</param>
/// <param name="RunsRoom">Bytes free there; null where it is not known.</param>
/// <param name="Cache">The hub's cache; null where no plan needs it.</param>
/// <param name="CacheRoom">Bytes free there; null where it is not known.</param>
sealed record PlanPlace(
    string Prompts, bool AllPositions, bool LogitLens, int Threads, double Peak, string Runs, long? RunsRoom, string? Cache, long? CacheRoom);

/// <summary>Plans for programs: bytes, seconds and operations per second. Null is what is not known.</summary>
sealed record PlanDocument(
    string PromptSet, string Positions, bool LogitLens, int Threads, double PeakFlops, double AssumedShareOfPeak, double AssumedDiskBytesPerSecond, long? RunsFolderFreeBytes,
    long? CacheFreeBytes, IReadOnlyList<PlannedModelDocument> Models)
{
    public static PlanDocument Of(IReadOnlyList<RunPlan> plans, PlanPlace place) => new(
        place.Prompts, place.AllPositions ? "all" : "last", place.LogitLens, place.Threads, Math.Round(place.Peak), RunTime.ShareOfPeak, RunTime.DiskBytesPerSecond, place.RunsRoom,
        place.CacheRoom, [.. plans.Select(PlannedModelDocument.Of)]);
}

/// <summary>What one model would take. Files to fetch: none for what is on this disk, null where nobody was asked.</summary>
sealed record PlannedModelDocument(
    string Model, string? UnknownBecause, long? Parameters, long? WeightsBytes, int? Prompts, long? Tokens, long? MemoryBytes, long? MemoryAvailableBytes, long? RunFolderBytes,
    double? Operations, double? Seconds, double? SecondsArithmetic, double? SecondsReading, double? SecondsRest, IReadOnlyList<PlannedFileDocument>? ToFetch)
{
    public static PlannedModelDocument Of(RunPlan plan)
    {
        var needs = plan.Needs;
        var time = needs?.Time;
        return new(
            plan.Name, plan.UnknownBecause, needs?.Parameters, needs?.WeightBytes, needs?.Prompts, needs?.Tokens, needs?.Memory.Total, needs?.Available, needs?.FolderBytes,
            time?.Operations, Rounded(time?.Total), Rounded(time?.Arithmetic), Rounded(time?.Reading), Rounded(time?.Rest),
            plan is { Survey: null, Needs: null } ? null : [.. (plan.Survey?.Files ?? []).Select(file => new PlannedFileDocument(file.Name, file.Bytes, file.Missing))]);
    }

    static double? Rounded(double? seconds) => seconds is { } s ? Math.Round(s, 2) : null;
}

/// <summary>A file that is to be fetched.</summary>
sealed record PlannedFileDocument(string Name, long Bytes, long MissingBytes);
