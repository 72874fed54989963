using Castalia.Analyses;
using Castalia.Interventions;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia intervene</c> prints for people.</summary>
static class InterventionReport
{
    const int MostListed = 30, MostNamed = 8;

    const string Definition =
        "Each intervention replaces a value in the pass, and everything after it is computed again. ΔG: change of the last block's gain; ΔH: change of the entropy; KL of the clean " +
        "prediction from the changed one; nats; top kept: prompts whose most likely token stays. Last position of each prompt, means over prompts, 95 % BCa bootstrap interval.";

    /// <summary>The page.</summary>
    /// <param name="run">The model.</param>
    /// <param name="seed">Seed of the intervals.</param>
    public static Page Of(IntervenedRun run, long seed) => new(Blocks(run, seed));

    static IEnumerable<PageBlock> Blocks(IntervenedRun run, long seed)
    {
        var measured = run.Measured;
        int count = measured.Interventions.Count;
        yield return new Heading($"{run.Model.Name}: {Figures.Of(count, "intervention")} on {Figures.Of(measured.Prompts.Count, "prompt")}");
        yield return new Paragraph(Definition);
        yield return new Gap();
        double[] changes = InterventionEffect.GainChanges(run);
        int[] listed = count <= MostListed ? [.. Enumerable.Range(0, count)] : [.. Ranked(changes).Take(MostListed)];
        var effects = InterventionEffect.Of(run, listed, seed);
        bool hasLoss = effects.Any(effect => double.IsFinite(effect.LossChange));
        yield return new Table(
            [Column.Words("intervention"), "G", "ΔG", "95 %", "ΔH", "KL", "top kept", .. hasLoss ? new Column[] { "Δ cross-entropy" } : []],
            [.. effects.Select(effect => (IReadOnlyList<Cell>)[.. Row(effect), .. hasLoss ? new[] { Number(effect.LossChange, SignedFigures.Of) } : []])])
        {
            Caption = "Effects of the interventions, means over prompts",
        };
        yield return new Gap();
        double clean = run.Model.Measurement.Readings.Select(prompt => prompt.Blocks[^1][^1].Gain).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        yield return new Paragraph($"Clean gain of the last block: {(double.IsFinite(clean) ? Figures.Real(clean) : Figures.Missing)}." +
            (count > MostListed ? $" Listed are the {MostListed} of largest mean |ΔG|; the other {Figures.Count(count - MostListed)} are in interventions.parquet." : ""));
        foreach (var seeded in measured.Interventions.Select((one, k) => (one.Seed, Change: changes[k])).Where(one => one.Seed is not null && double.IsFinite(one.Change)).GroupBy(one => one.Seed))
        {
            double[] sizes = [.. seeded.Select(one => Math.Abs(one.Change))];
            yield return new Paragraph(FormattableString.Invariant($"Random controls, seed {seeded.Key}: {Figures.Of(sizes.Length, "intervention")}, mean |ΔG| {SignedFigures.Size(sizes.Average())}, largest {SignedFigures.Size(sizes.Max())}."));
        }
        foreach (var unmade in Enumerable.Range(0, count).Select(k => (Name: measured.Interventions[k].Name, Prompts: Enumerable.Range(0, measured.Prompts.Count).Where(p => measured.Prompts[p][k] is null)
            .Select(p => (run.Model.Measurement.Prompts[p].Prompt.Name, Why: measured.MissingOf(p, k))).ToArray())).Where(one => one.Prompts.Length > 0))
            yield return new Paragraph($"{unmade.Name}: not made on {Figures.Count(unmade.Prompts.Length)} of {Figures.Of(measured.Prompts.Count, "prompt")}: " +
                string.Join("; ", unmade.Prompts.GroupBy(one => one.Why).Select(why => $"{why.Key} ({Listed([.. why.Select(one => one.Name)])})")) + ".");
        double[] mismatches = [.. measured.Interventions.Select(one => one.LengthMismatch).OfType<double>()];
        if (mismatches.Length > 0)
            yield return new Paragraph($"Controls nearest in length: {Figures.Of(mismatches.Length, "intervention")}; mean lengths of what units write differ from those they stand for by at most {SignedFigures.Size(100 * mismatches.Max())} %.");
        int rankOne = measured.Prompts.Count == 0 ? 0 : measured.Prompts[0].Count(reading => reading?.Form == EffectForm.RankOne);
        if (rankOne > 0)
            yield return new Paragraph($"{Figures.Of(rankOne, "intervention")} on units of the last block were computed by the one vector that the unit writes there: gains within 1e-6 of a pass of their own, entropies and KL within what float32 logits leave of one.");
    }

    static string Listed(IReadOnlyList<string> names) => names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))} and {Figures.Count(names.Count - MostNamed)} more";

    static IEnumerable<int> Ranked(double[] changes) =>
        Enumerable.Range(0, changes.Length).OrderByDescending(k => double.IsNaN(changes[k]) ? -1 : Math.Abs(changes[k])).ThenBy(k => k);

    static IEnumerable<Cell> Row(InterventionEffect effect)
    {
        yield return effect.Intervention.Name;
        yield return Number(effect.Gain, Figures.Real);
        yield return Cell.Of(effect.GainChange.Mean, SignedFigures.Of);
        yield return SignedFigures.Span(effect.GainChange.Interval95);
        yield return Number(effect.EntropyChange, SignedFigures.Of);
        yield return Number(effect.Kl, SignedFigures.Size);
        yield return new Cell(SignedFigures.Share(effect.TopKept, effect.Prompts), effect.TopKept / (double)effect.Prompts);
    }

    static Cell Number(double value, Func<double, string> text) => double.IsFinite(value) ? Cell.Number(value, text) : Figures.Missing;
}
