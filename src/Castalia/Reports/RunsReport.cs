using System.Globalization;
using Castalia.Reports.Pages;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia runs</c> prints for people.</summary>
static class RunsReport
{
    const int LongestSet = 32;

    /// <summary>A table, and below it what is wrong with damaged folders.</summary>
    /// <param name="runs">The folders.</param>
    /// <param name="folder">Where they are.</param>
    public static Page Of(IReadOnlyList<ListedRun> runs, string folder) => new(Blocks(runs, folder));

    static IEnumerable<PageBlock> Blocks(IReadOnlyList<ListedRun> runs, string folder)
    {
        if (runs.Count == 0)
        {
            yield return new Paragraph($"There are no runs in {folder}. To make one: castalia measure CHECKPOINT --out {folder}");
            yield break;
        }
        yield return new Line($"Runs in {folder}");
        bool anyExplained = runs.Any(run => run.Run?.Explained is not null);
        // A run's name begins with the time at which it started.
        yield return new Table(
            ["run", new("started (UTC)") { FromWidth = 100 }, "models", "prompts", "prompt set", new("software") { FromWidth = 72 }, .. anyExplained ? (Column[])[new("explained") { FromWidth = 100 }] : [], "state"],
            [.. runs.Select(run => Row(run, anyExplained))]);
        string[] unprotected = [.. runs.Where(run => run.State == ListedRun.Unverified).SelectMany(run => run.Run!.Unprotected).Distinct()];
        if (unprotected.Length > 0)
        {
            yield return new Gap();
            yield return new Paragraph($"{ListedRun.Unverified}: complete, but its manifest states no SHA-256 of {string.Join(", of ", unprotected)}: {RunWarnings.Unverified}.");
        }
        foreach (var run in runs)
        {
            if (run.Fault is not { } fault) continue;
            yield return new Gap();
            yield return new Heading(run.Name, 3);
            yield return new Remarks([$"damaged: {fault.Cause}", $"to do: {fault.Remedy}"]);
        }
    }

    static IReadOnlyList<Cell> Row(ListedRun listed, bool anyExplained)
    {
        if (listed.Run is not { } run) return [listed.Name, .. Enumerable.Repeat<Cell>(Figures.Missing, anyExplained ? 6 : 5), listed.State];
        int distinct = run.DistinctModels;
        string set = Path.GetFileName(run.PromptSet);
        return
        [
            run.Name, run.StartedUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            distinct == run.Models.Count ? Cell.Count(distinct) : $"{distinct} ({run.Models.Count} names)", Cell.Count(run.MostPrompts),
            set.Length <= LongestSet ? set : set[..(LongestSet - 1)] + "…", Version(run.Software),
            .. anyExplained ? (Cell[])[run.Explained is { } explained ? $"{(explained.Blocks is "last" or "all" ? explained.Blocks : "some")}{(explained.AllParts ? ", all parts" : "")}" : Figures.Missing] : [], listed.State,
        ];
    }

    /// <summary>The version with the first digits of its commit.</summary>
    static string Version(string software)
    {
        const int Commit = 7;
        string version = software.Split(' ')[^1];
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && version.Length > plus + 1 + Commit ? version[..(plus + 1 + Commit)] : version;
    }
}
