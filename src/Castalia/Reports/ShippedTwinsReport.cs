using Castalia.Forward;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The last part of what <c>castalia measure</c> prints where no model is named: the trained twins, and what made the difference between them.</summary>
static class ShippedTwinsReport
{
    const int MeansFrom = 70; // the means stand in the table above too

    /// <summary>The part.</summary>
    /// <param name="twins">The networks.</param>
    /// <param name="pairs">Those of them that differ in one factor.</param>
    public static Page Of(IReadOnlyList<ReadTwin> twins, IReadOnlyList<TwinPair> pairs) => new(
    [
        new Heading($"Trained twins: {string.Join(", ", Crossed(twins))}"),
        .. Certainty(twins),
        .. pairs.SelectMany(Difference),
        new Gap(),
        new Paragraph(
            "One pair is an illustration: its interval is over prompts of these networks, and networks of other seeds scatter. Verdicts over seeds: castalia twins --results. " +
            $"Train them again, to the same bits: castalia twins --verify. Look into one: castalia describe {twins[0].Shipped.Name}."),
    ]);

    /// <summary>What trained networks of the shipped plan came to, against the language's own entropy, for a message.</summary>
    public static string Losses(IReadOnlyList<MeasuredTwin> twins) => $"loss less the language's own entropy: {string.Join("; ", twins.Where(twin => twin.Trained.LeastLoss is not null)
        .Select(twin => $"{twin.Twin.Name} {Figures.Real(twin.Trained.Loss)} − {Figures.Real(twin.Trained.LeastLoss!.Value)} = {SignedFigures.Of(twin.Trained.Loss - twin.Trained.LeastLoss!.Value)}"))} nats";

    static IEnumerable<PageBlock> Certainty(IReadOnlyList<ReadTwin> twins)
    {
        yield return new Paragraph(
            $"{Figures.Of(twins.Count, "network")}{Alike(twins, m => $" of {Figures.Of(m.Architecture.NLayers, "block")}")}{Alike(twins, m => $", d_model {m.Architecture.DModel}")}, trained on a generated language whose next-token " +
            "entropy is known exactly, alike in all but what is named. settled: one token can follow; open: 2 to 16; long-range: what follows was decided far back.");
        yield return new Gap();
        yield return new Table(
            ["gain", .. Groups(twins).Select(group => (Column)group), new("below 1") { FromWidth = 64 }, "r true", new("r model") { FromWidth = 72 }],
            [
                .. twins.Select(IReadOnlyList<Cell> (twin) =>
                [
                    Label(twin), .. Groups(twins).Select(group => Of(twin, group, g => g.Gain.Mean.Value)), Cells.Share(twin.Estimates.All.BelowOne, twin.Estimates.All.Gain.N),
                    Cell.Of(twin.Estimates.GainTrueEntropy ?? Figure<double>.Undefined("no prompt states it"), Figures.Correlation, "r true", Label(twin)),
                    Cell.Of(twin.Estimates.GainEntropy, Figures.Correlation, "r model", Label(twin)),
                ]),
            ])
        { Caption = "Mean gain of the last block by kind of context, and its correlation with the entropy of the next token, true and the model's" };
        yield return new Paragraph(
            "r true, r model: Pearson correlation over prompts of gain and the language's own entropy of the next token, and the one the model gives it. " +
            string.Join(" ", twins.Select(twin => (twin.Model.Measurement.Architecture.NLayers, twin.TheoreticalGain)).Distinct().Where(depth => depth.TheoreticalGain is not null)
                .Select(depth => $"Before training, theory says {Figures.Real(depth.TheoreticalGain!.Value)} for {Figures.Of(depth.NLayers, "block")}, whatever the prompt.")));
        foreach (var twin in twins) yield return new Paragraph(Finding(twin), Hang: 2);
        yield return new Gap();
        yield return new Table(
            ["entropy, nats", .. Groups(twins).Select(group => (Column)group)],
            [
                ["the language's own", .. Groups(twins).Select(group => Of(twins[0], group, g => g.TrueEntropyNats))],
                .. twins.Select(IReadOnlyList<Cell> (twin) => [Label(twin), .. Groups(twins).Select(group => Of(twin, group, g => g.EntropyNats.Mean.Value))]),
            ])
        { Caption = "Mean entropy of the next token, the language's own and what each network gives it" };
    }

    /// <summary>"wiring=parallel: the last block expands all contexts; the surer what follows, the lower its gain."</summary>
    static string Finding(ReadTwin twin)
    {
        var kinds = twin.Estimates.Categories.GroupBy(group => group.Estimate.Status).ToList();
        string status = string.Join(", ", kinds.Select(same => $"{Does(same.Key)} {(kinds.Count == 1 ? "all contexts" : $"{string.Join(" and ", same.Select(group => group.Name))} ones")}"));
        string relation = twin.Relation.Value?.Interval95.Value switch
        {
            { Low: > 0 } => "the surer what follows, the lower its gain",
            { High: < 0 } => "the surer what follows, the higher its gain",
            _ => "prompt by prompt no linear relation with the entropy is shown",
        };
        return $"{Label(twin)}: the last block {status}; {relation}.";
    }

    static string Does(GainStatus status) => status switch
    {
        GainStatus.Expansion => "expands",
        GainStatus.Dampening => "dampens",
        _ => "neither expands nor dampens",
    };

    static IEnumerable<PageBlock> Difference(TwinPair pair)
    {
        yield return new Gap();
        string made = pair.Differences[^1].Difference.Interval95.Value is { } all && !all.Contains(0) ? "made the difference" : "made no difference that these prompts show";
        yield return new Paragraph($"{pair.Factor} {made}: gain of the last block, {pair.FirstLevel} minus {pair.SecondLevel} prompt by prompt, mean with its 95 % BCa interval.");
        yield return new Gap();
        yield return new Table(
            [
                "", new("n") { FromWidth = MeansFrom }, new(pair.FirstLevel) { FromWidth = MeansFrom }, new(pair.SecondLevel) { FromWidth = MeansFrom }, "difference", "95 % interval",
            ],
            [
                .. pair.Differences.Select(IReadOnlyList<Cell> (d) =>
                [
                    d.Category ?? "all", Cell.Count(d.Difference.N), Cell.Of(d.First, Figures.Real, "gain"), Cell.Of(d.Second, Figures.Real, "gain"), Cell.Of(d.Difference.Mean, SignedFigures.Of, "difference"),
                    Cell.Of(d.Difference.Interval95, SignedFigures.Span, "interval", d.Category ?? "all"),
                ]),
            ])
        { Caption = $"Gain of the last block: {pair.Factor} {pair.FirstLevel} against {pair.SecondLevel}, the same prompts" };
    }

    /// <summary>What all of them share; nothing where they do not.</summary>
    static string Alike(IReadOnlyList<ReadTwin> twins, Func<Measurement, string> what) => twins.Select(twin => what(twin.Model.Measurement)).Distinct().ToList() is [var one] ? one : "";

    static IEnumerable<string> Groups(IReadOnlyList<ReadTwin> twins) => twins[0].Groups.Select(group => group.Name);

    static Cell Of(ReadTwin twin, string group, Func<GroupEstimate, double?> figure) =>
        twin.Groups.FirstOrDefault(of => of.Name == group) is { } found && figure(found.Estimate) is { } value ? Cell.Number(value, Figures.Real) : Figures.Missing;

    static IEnumerable<string> Crossed(IReadOnlyList<ReadTwin> twins) => twins[0].Shipped.Twin.Cell.Levels.Select(level => level.Factor);

    /// <summary>"sequential", or "decay=0.1" where the level alone says too little; with the seed where there are several.</summary>
    static string Label(ReadTwin twin)
    {
        var of = twin.Shipped.Twin;
        string name = of.Cell.Levels is [(_, { Length: > 0 } level)] && char.IsAsciiLetter(level[0]) && level is not ("true" or "false" or "none" or "all") ? level : of.Cell.Name;
        return ShippedTwins.All.Select(shipped => shipped.Twin.Seed).Distinct().Count() > 1 ? FormattableString.Invariant($"{name}, seed {of.Seed}") : name;
    }
}
