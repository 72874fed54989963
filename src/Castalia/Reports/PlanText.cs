using System.Text;
using System.Text.Json.Nodes;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports;

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

/// <summary>What measuring models would take, as a page or JSON.</summary>
static class PlanText
{
    /// <summary>A page.</summary>
    public static string Of(IReadOnlyList<RunPlan> plans, PlanPlace place, int width)
    {
        var text = new StringBuilder();
        foreach (var plan in plans)
        {
            text.Append(plan.Name).Append('\n');
            if (plan.Needs is { } needs) Known(text, needs, place, width);
            else text.Append(Wrapped.Of($"memory, disk and time of the run: not known. {plan.UnknownBecause}", width));
            Files(text, plan, place, width);
            text.Append('\n');
        }
        if (plans.Count > 1 && plans.All(plan => plan.Needs is not null))
            text.Append(FormattableString.Invariant(
                $"Together, one after the other: {Duration(plans.Sum(plan => plan.Needs!.Time.Total))}, {Amount(plans.Sum(plan => plan.Needs!.FolderBytes))} for the run folder.\n\n"));
        text.Append(Wrapped.Of(
            FormattableString.Invariant($"Peak of this machine, measured just now on {place.Threads} threads: {place.Peak / 1e9:0} GFLOP/s of fused multiply-adds. ") +
            "An estimate from headers, config and prompts; no weights were read. It assumes " +
            FormattableString.Invariant($"{RunTime.ShareOfPeak:0%} of that peak, ").Replace("%", " %") +
            FormattableString.Invariant($"a disk of {RunTime.DiskBytesPerSecond / 1e9:0.0} GB/s that is read beside the arithmetic, and a machine that does nothing else: ") +
            "half or twice the time is no surprise, and short runs are mostly start and writing.", width));
        return text.ToString();
    }

    /// <summary>The same as JSON; bytes, seconds and operations per second. Null is what is not known.</summary>
    public static JsonObject Json(IReadOnlyList<RunPlan> plans, PlanPlace place) => new()
    {
        ["prompt_set"] = place.Prompts,
        ["positions"] = place.AllPositions ? "all" : "last",
        ["logit_lens"] = place.LogitLens,
        ["threads"] = place.Threads,
        ["peak_flops"] = Math.Round(place.Peak),
        ["assumed_share_of_peak"] = RunTime.ShareOfPeak,
        ["assumed_disk_bytes_per_second"] = RunTime.DiskBytesPerSecond,
        ["runs_folder_free_bytes"] = place.RunsRoom,
        ["cache_free_bytes"] = place.CacheRoom,
        ["models"] = new JsonArray([.. plans.Select(plan => new JsonObject
        {
            ["model"] = plan.Name,
            ["unknown_because"] = plan.UnknownBecause,
            ["parameters"] = plan.Needs?.Parameters,
            ["weights_bytes"] = plan.Needs?.WeightBytes,
            ["prompts"] = plan.Needs?.Prompts,
            ["tokens"] = plan.Needs?.Tokens,
            ["memory_bytes"] = plan.Needs?.Memory.Total,
            ["memory_available_bytes"] = plan.Needs?.Available,
            ["run_folder_bytes"] = plan.Needs?.FolderBytes,
            ["operations"] = plan.Needs?.Time.Operations,
            ["seconds"] = plan.Needs is { } needs ? Math.Round(needs.Time.Total, 2) : null,
            ["seconds_arithmetic"] = plan.Needs is { } a ? Math.Round(a.Time.Arithmetic, 2) : null,
            ["seconds_reading"] = plan.Needs is { } b ? Math.Round(b.Time.Reading, 2) : null,
            ["seconds_rest"] = plan.Needs is { } c ? Math.Round(c.Time.Rest, 2) : null,
            ["to_fetch"] = Fetched(plan),
        })]),
    };

    /// <summary>The files that are to be fetched: none for what is on this disk, null where nobody was asked.</summary>
    static JsonArray? Fetched(RunPlan plan) => plan is { Survey: null, Needs: null } ? null : new(
    [
        .. (plan.Survey?.Files ?? []).Select(file => new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes, ["missing_bytes"] = file.Missing }),
    ]);

    static void Known(StringBuilder text, PlannedRun needs, PlanPlace place, int width)
    {
        var a = needs.Architecture;
        text.Append(Wrapped.Of(FormattableString.Invariant(
            $"{a.Family.ModelType}: {a.NLayers} blocks, d_model {a.DModel}, {needs.Parameters:#,0} parameters, {Amount(needs.WeightBytes)} of weights"), width));
        text.Append(Wrapped.Of(FormattableString.Invariant(
            $"{needs.Prompts} prompts ({place.Prompts}), {needs.Tokens:#,0} tokens, read at {(place.AllPositions ? "every" : "the last")} position{(place.LogitLens ? ", after every block" : "")}"), width));
        text.Append('\n');
        text.Append(Item("memory", MemoryCheck.Said(needs.Memory, needs.Available), width));
        text.Append(Item("disk", $"about {Amount(needs.FolderBytes)} for the run folder, in {place.Runs}{Free(place.RunsRoom)}", width));
        text.Append(Item("time", FormattableString.Invariant(
            $"about {Duration(needs.Time.Total)}: arithmetic {Duration(needs.Time.Arithmetic)} ({needs.Time.Operations / 1e9:#,0} GFLOP), beside it reading ") +
            $"{Duration(needs.Time.Reading)} ({Amount(needs.Time.Bytes)}); start, statistics, hashing and writing {Duration(needs.Time.Rest)}", width));
    }

    static void Files(StringBuilder text, RunPlan plan, PlanPlace place, int width)
    {
        if (plan.Survey is not { } survey)
        {
            text.Append(Item("files", plan.Needs is null ? $"not known; in the cache {place.Cache}{Free(place.CacheRoom)}" : "on this disk, nothing to fetch", width));
            return;
        }
        long missing = survey.Files.Sum(file => file.Missing);
        text.Append(Item("files", $"{survey.Files.Count}, of which {Amount(missing)} are to be fetched into {place.Cache}{Free(place.CacheRoom)}" +
            (place.CacheRoom < missing ? ": too little" : ""), width));
        int longest = survey.Files.Max(file => file.Name.Length);
        foreach (var file in survey.Files)
            text.Append("    ").Append(Errors.Printable.Of(file.Name).PadRight(longest)).Append("  ").Append(Amount(file.Bytes))
                .Append(file.Missing == 0 ? ", in the cache" : file.Missing < file.Bytes ? $", {Amount(file.Missing)} missing" : "").Append('\n');
        text.Append(Item("next", $"castalia pull {plan.Name}", width));
    }

    static string Item(string name, string says, int width) => Wrapped.Of($"{name}: {says}", width, hang: 2);

    static string Free(long? room) => room is { } bytes ? $", where {Amount(bytes)} are free" : "";

    /// <summary>"0.4 s", "35 s", "12 min", "3.5 h".</summary>
    internal static string Duration(double seconds) => seconds switch
    {
        < 10 => FormattableString.Invariant($"{seconds:0.0} s"),
        < 120 => FormattableString.Invariant($"{seconds:0} s"),
        < 7200 => FormattableString.Invariant($"{seconds / 60:0} min"),
        _ => FormattableString.Invariant($"{seconds / 3600:0.0} h"),
    };

    static string Amount(long bytes) => bytes switch
    {
        < 100_000 => FormattableString.Invariant($"{bytes} bytes"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}
