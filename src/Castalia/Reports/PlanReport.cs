using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;
using static System.FormattableString;

namespace Castalia.Reports;

/// <summary>What <c>castalia plan</c> prints for people.</summary>
static class PlanReport
{
    /// <summary>The page.</summary>
    public static Page Of(IReadOnlyList<RunPlan> plans, PlanPlace place) => new(Blocks(plans, place));

    static IEnumerable<PageBlock> Blocks(IReadOnlyList<RunPlan> plans, PlanPlace place)
    {
        foreach (var plan in plans)
        {
            yield return new Heading(plan.Name);
            if (plan.Needs is { } needs)
            {
                var a = needs.Architecture;
                yield return new Paragraph(Invariant(
                    $"{a.Family.ModelType}: {a.NLayers} blocks, d_model {a.DModel}, {needs.Parameters:#,0} parameters, {Amounts.Of(needs.WeightBytes)} of weights"));
                yield return new Paragraph(Invariant(
                    $"{needs.Prompts} prompts ({place.Prompts}), {needs.Tokens:#,0} tokens, read at {(place.AllPositions ? "every" : "the last")} position{(place.LogitLens ? ", after every block" : "")}"));
                yield return new Gap();
            }
            else
            {
                yield return new Paragraph($"memory, disk and time of the run: not known. {plan.UnknownBecause}");
            }
            yield return new Remarks([.. plan.Needs is { } known ? Known(known, place) : [], Files(plan, place)]);
            if (plan.Survey is { } survey)
            {
                yield return new Table(["file", "size", "to be fetched"], [.. survey.Files.Select(IReadOnlyList<Cell> (file) =>
                    [file.Name, new(Amounts.Of(file.Bytes), file.Bytes), new(file.Missing == 0 ? "in the cache" : Amounts.Of(file.Missing), file.Missing)])])
                {
                    Indent = 4,
                };
                yield return new Remarks([$"next: castalia pull {plan.Name}"]);
            }
            yield return new Gap();
        }
        if (plans.Count > 1 && plans.All(plan => plan.Needs is not null))
        {
            yield return new Line($"Together, one after the other: {Amounts.Time(plans.Sum(plan => plan.Needs!.Time.Total))}, {Amounts.Of(plans.Sum(plan => plan.Needs!.FolderBytes))} for the run folder.");
            yield return new Gap();
        }
        yield return new Paragraph(
            Invariant($"Peak of this machine, measured just now on {place.Threads} threads: {place.Peak / 1e9:0} GFLOP/s of fused multiply-adds. ") +
            "An estimate from headers, config and prompts; no weights were read. It assumes " +
            Invariant($"{100 * RunTime.ShareOfPeak:0} % of that peak, a disk of {RunTime.DiskBytesPerSecond / 1e9:0.0} GB/s that is read beside the arithmetic, ") +
            "and a machine that does nothing else: half or twice the time is no surprise, and short runs are mostly start and writing.");
    }

    static IEnumerable<string> Known(PlannedRun needs, PlanPlace place) =>
    [
        $"memory: {MemoryCheck.Said(needs.Memory, needs.Available)}",
        $"disk: about {Amounts.Of(needs.FolderBytes)} for the run folder, in {place.Runs}{Free(place.RunsRoom)}",
        Invariant($"time: about {Amounts.Time(needs.Time.Total)}: arithmetic {Amounts.Time(needs.Time.Arithmetic)} ({needs.Time.Operations / 1e9:#,0} GFLOP), beside it reading ") +
            $"{Amounts.Time(needs.Time.Reading)} ({Amounts.Of(needs.Time.Bytes)}); start, statistics, hashing and writing {Amounts.Time(needs.Time.Rest)}",
    ];

    static string Files(RunPlan plan, PlanPlace place)
    {
        if (plan.Survey is not { } survey) return plan.Needs is null ? $"files: not known; in the cache {place.Cache}{Free(place.CacheRoom)}" : "files: on this disk, nothing to fetch";
        long missing = survey.Files.Sum(file => file.Missing);
        return $"files: {survey.Files.Count}, of which {Amounts.Of(missing)} are to be fetched into {place.Cache}{Free(place.CacheRoom)}{(place.CacheRoom < missing ? ": too little" : "")}";
    }

    static string Free(long? room) => room is { } bytes ? $", where {Amounts.Of(bytes)} are free" : "";
}
