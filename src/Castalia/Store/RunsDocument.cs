using Castalia.Errors;

namespace Castalia.Store;

/// <summary>A folder of runs for programs.</summary>
sealed record RunsDocument(string Folder, IReadOnlyList<RunDocument> Runs)
{
    public static RunsDocument Of(IReadOnlyList<ListedRun> runs, string folder) => new(Path.GetFullPath(folder), [.. runs.Select(RunDocument.Of)]);
}

/// <summary>One run; null is what a manifest that cannot be read does not tell.</summary>
sealed record RunDocument(
    string Run, string Path, string State, string? StartedUtc, string? FinishedUtc, string? Software, string? PromptSet, IReadOnlyList<string>? Models, int? DistinctModels,
    IReadOnlyList<string>? Identities, int? Prompts, IReadOnlyList<string>? Unprotected, FaultDocument? Fault)
{
    public static RunDocument Of(ListedRun listed)
    {
        var run = listed.Run;
        return new(
            listed.Name, listed.Path, listed.State, run is null ? null : ResultJson.Time(run.StartedUtc), run is null ? null : ResultJson.Time(run.FinishedUtc), run?.Software,
            run?.PromptSet, run?.Models.Select(model => model.Name).ToList(), run?.DistinctModels, run?.Models.Select(model => model.Identity.Weights).ToList(), run?.MostPrompts,
            run?.Unprotected, listed.Fault is { } fault ? FaultDocument.Of(fault) : null);
    }
}

/// <summary>What is wrong, where, and what to do.</summary>
sealed record FaultDocument(string Cause, string Where, string ToDo)
{
    public static FaultDocument Of(InputException fault) => new(fault.Cause, fault.Place, fault.Remedy);
}
