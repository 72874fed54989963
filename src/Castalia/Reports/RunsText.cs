using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Store;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia runs</c> prints.</summary>
public static class RunsText
{
    const int Named = 3, ShortSet = 11, LongSet = 32, Roomy = 100;

    const string Unverified = "unverified";

    const string Meaning = "it was written before castalia stated one, or the entry was taken out since, and a change there would not be noticed";

    static readonly string[] Header = ["run", "started (UTC)", "models", "prompts", "prompt set", "software", "state"];

    /// <summary>A table, and below it what is wrong with damaged folders; lines end in LF.</summary>
    /// <param name="runs">The folders.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<ListedRun> runs, string folder, int width)
    {
        if (runs.Count == 0) return Wrapped.Of($"There are no runs in {folder}. To make one: castalia measure CHECKPOINT --out {folder}", width);
        var text = new StringBuilder();
        text.Append($"Runs in {Printable.Of(folder)}\n");
        text.Append(TextTable.Of(Header, [.. runs.Select(run => Row(run, width))], width));
        string[] unprotected = [.. runs.Where(run => State(run) == Unverified).SelectMany(run => run.Run!.Unprotected).Distinct()];
        if (unprotected.Length > 0)
            text.Append('\n').Append(Wrapped.Of($"{Unverified}: complete, but its manifest states no SHA-256 of {string.Join(", of ", unprotected)}: {Meaning}.", width));
        foreach (var run in runs)
        {
            if (run.Fault is not { } fault) continue;
            text.Append($"\n  {Printable.Of(run.Name)}\n");
            text.Append(Wrapped.Of($"damaged: {fault.Cause}", width, hang: 2));
            text.Append(Wrapped.Of($"to do: {fault.Remedy}", width, hang: 2));
        }
        return text.ToString();
    }

    /// <summary>What a reader must know of runs that were left out, a sentence each; of many, the rest by their number.</summary>
    public static IEnumerable<string> LeftOut(IReadOnlyList<ListedRun> damaged) =>
    [
        .. damaged.Take(Named).Select(run => $"{run.Name} is left out, for it is damaged: {run.Fault!.Cause}"),
        .. damaged.Count > Named ? new[] { $"{Figures.Of(damaged.Count - Named, "more run")} left out, damaged too; 'castalia runs' says how." } : [],
    ];

    /// <summary>What a reader of unverified runs must know, a sentence for those that lack the same; none where all are verified.</summary>
    public static IEnumerable<string> Warnings(IReadOnlyList<StoredRun> runs) => runs.Where(run => !run.IsVerified)
        .GroupBy(run => string.Join(", of ", run.Unprotected), run => run.Name)
        .Select(lack => $"{string.Join(", ", lack.Take(Named))}{(lack.Count() > Named ? $" and {lack.Count() - Named} more" : "")}: the manifest states no SHA-256 of {lack.Key}: {Meaning}.");

    /// <summary>The same for a program.</summary>
    public static JsonObject Json(IReadOnlyList<ListedRun> runs, string folder) => new()
    {
        ["folder"] = Path.GetFullPath(folder),
        ["runs"] = new JsonArray([.. runs.Select(listed => new JsonObject
        {
            ["run"] = listed.Name,
            ["path"] = listed.Path,
            ["state"] = State(listed),
            ["started_utc"] = listed.Run is { } run ? ResultJson.Time(run.StartedUtc) : null,
            ["finished_utc"] = listed.Run is { } ended ? ResultJson.Time(ended.FinishedUtc) : null,
            ["software"] = listed.Run?.Software,
            ["prompt_set"] = listed.Run?.PromptSet,
            ["models"] = listed.Run is { } known ? new JsonArray([.. known.Models.Select(model => JsonValue.Create(model.Name))]) : null,
            ["distinct_models"] = listed.Run is { } told ? Distinct(told) : null,
            ["identities"] = listed.Run is { } identified ? new JsonArray([.. identified.Models.Select(model => JsonValue.Create(model.Identity.Weights))]) : null,
            ["prompts"] = listed.Run is { } measured ? Prompts(measured) : null,
            ["unprotected"] = listed.Run is { } stored ? new JsonArray([.. stored.Unprotected.Select(file => JsonValue.Create(file))]) : null,
            ["fault"] = listed.Fault is { } fault ? new JsonObject { ["cause"] = fault.Cause, ["where"] = fault.Place, ["to_do"] = fault.Remedy } : null,
        })]),
    };

    static string[] Row(ListedRun listed, int width) => listed.Run is { } run
        ?
        [
            run.Name, run.StartedUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Models(run), Figures.Count(Prompts(run)),
            Cut(Path.GetFileName(run.PromptSet), width > Roomy ? LongSet : ShortSet), Version(run.Software), State(listed),
        ]
        : [listed.Name, .. Enumerable.Repeat(Figures.Missing, Header.Length - 2), State(listed)];

    /// <summary>How many models there are, and under how many names where those are more.</summary>
    static string Models(StoredRun run) => Distinct(run) == run.Models.Count ? Figures.Count(run.Models.Count) : $"{Distinct(run)} ({run.Models.Count} names)";

    static int Distinct(StoredRun run) => run.Models.Select(model => model.Identity).Distinct().Count();

    static string State(ListedRun run) => run.Fault is not null ? "damaged" : run.Run!.IsVerified ? "complete" : Unverified;

    static int Prompts(StoredRun run) => run.Models.Max(model => model.Prompts.Count);

    /// <summary>The version with the first digits of its commit.</summary>
    static string Version(string software)
    {
        const int Commit = 7;
        string version = software.Split(' ')[^1];
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && version.Length > plus + 1 + Commit ? version[..(plus + 1 + Commit)] : version;
    }

    static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
