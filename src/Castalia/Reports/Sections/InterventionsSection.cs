using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>What replacing parts of models does to the gain, against what it costs.</summary>
static class InterventionsSection
{
    const int WithInterval = 30; // interventions of a model; every neuron would be thousands of bootstraps

    const int Grey = 7; // of the palette

    const double LeastCost = 1e-7; // nats; what lies below is rounding of float32 logits

    /// <summary>A chart for each model, or what would make it.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("What happens without a part", 2);
        var all = Interventions(e);
        if (all.Count == 0)
        {
            yield return new Paragraph("Not measured: interventions. 'castalia intervene CHECKPOINT --do top-neurons' replaces parts of the last block and computes everything after them again.");
            yield break;
        }
        foreach (var model in e.StoredModels.Where(model => all.Contains(model))) yield return Of(model, [.. all[model]]);
    }

    static Chart Of(ReportedModel model, List<Intervened> all)
    {
        var kinds = all.Where(one => one.Seed is null).Select(one => one.Kind).Distinct().ToList();
        var ordered = all.OrderBy(one => one.Seed is null).ToList(); // controls behind
        int free = all.Count(one => one.Kl < LeastCost), n = all.Max(one => one.N), seeded = all.Count(one => one.Seed is not null);
        return new(
            FormattableString.Invariant($"interventions-{model.Index}"), $"Effect and cost of interventions, {model.Label}",
            $"Each point is an intervention, {Figures.Count(all.Count)} in all: across its cost, KL of the changed prediction from the clean one; up ΔG, the change of the last block's gain; means over {Figures.Of(n, "prompt")} at their last token. " +
            $"Strokes are 95 % BCa bootstrap intervals of the mean ΔG (seed 1), of the {Figures.Count(all.Count(one => one.Change95 is not null))} of largest |ΔG| that were not drawn at random. " +
            (seeded > 0 ? $"Behind in grey {Figures.Of(seeded, "random control")}, units drawn by a seed: what lies among them is what any such unit does. " : "There is no random control among them: how much any such unit does is not known. ") +
            (free > 0 ? $"{Figures.Count(free)} that cost less than 10⁻⁷ nats, which float32 logits do not resolve, stand there." : ""),
            [new("cost, KL(clean ‖ do)", "nats") { MayBeLog = true, IsLog = true }], [new("ΔG of the last block") { Reference = 0 }],
            [
                .. all.Where(one => one.Seed is not null).Take(1).Select(_ => Points("random controls", Grey, one => one.Seed is not null) with { Size = 5 }),
                .. kinds.Select((kind, i) => Strokes(kind, i)).Where(strokes => strokes.X[0].Count > 0),
                .. kinds.Select((kind, i) => Points(kind, i, one => one.Seed is null && one.Kind == kind)),
            ],
            new(
                [Column.Words("intervention"), Column.Words("site"), Column.Words("drawn at random"), "n", "ΔG", "low", "high", new Column("KL", "nats"), new Column("ΔH", "nats"), "top kept"],
                [.. all.OrderByDescending(one => Math.Abs(one.Change)).Select(IReadOnlyList<Cell> (one) =>
                [
                    one.Name, one.Kind, one.Seed is { } seed ? FormattableString.Invariant($"seed {seed}") : "no", Cell.Count(one.N), Cell.Number(one.Change, SignedFigures.Of),
                    one.Change95 is { } low ? Cell.Number(low.Low, SignedFigures.Of) : Figures.Missing, one.Change95 is { } high ? Cell.Number(high.High, SignedFigures.Of) : Figures.Missing,
                    Cell.Number(one.Kl, SignedFigures.Size), Cell.Number(one.EntropyChange, SignedFigures.Of), Cell.Count(one.TopKept),
                ])]))
        {
            Notes = [.. ordered.Select(Note)],
            Height = 440,
        };

        Series Points(string name, int colour, Func<Intervened, bool> which)
        {
            var points = ordered.Index().Where(one => which(one.Item)).ToList();
            return new(name, Mark.Points, [[.. points.Select(one => (double?)one.Item.Cost)]], [[.. points.Select(one => (double?)one.Item.Change)]]) { Colour = colour, Notes = [.. points.Select(one => one.Index)], Size = 8 };
        }

        Series Strokes(string kind, int colour)
        {
            var known = ordered.Where(one => one.Kind == kind && one.Change95 is not null).ToList();
            return new(kind, Mark.Strokes, [[.. known.SelectMany(one => new double?[] { one.Cost, one.Cost, null })]], [[.. known.SelectMany(one => new double?[] { one.Change95!.Value.Low, one.Change95!.Value.High, null })]])
            { Colour = colour, IsNamed = false, Size = 2 };
        }
    }

    static IReadOnlyList<(string, string)> Note(Intervened one) =>
    [
        ("intervention", one.Name), ("site", one.Site ?? "several"), .. one.Unit is { } unit ? [("unit", one.UnitIndex is { } index ? FormattableString.Invariant($"{unit} {index}") : unit)] : Array.Empty<(string, string)>(),
        .. one.Seed is { } seed ? [("random control", FormattableString.Invariant($"seed {seed}"))] : Array.Empty<(string, string)>(),
        ("KL", $"{SignedFigures.Size(one.Kl)} nats"), ("top token kept", $"{Figures.Count(one.TopKept)} of {Figures.Of(one.N, "prompt")}"),
    ];

    /// <summary>Those of every run of a model, also of runs that repeat it; one that was made twice counts in the last of its runs.</summary>
    static ILookup<ReportedModel, Intervened> Interventions(ReportEvidence e)
    {
        var rows = e.RowsOfAllRuns(
            "SELECT run, model, intervention_index, intervention, min(site), min(unit), min(unit_index), min(seed), avg(gain_change ORDER BY prompt_index), avg(kl ORDER BY prompt_index), " +
            "avg(entropy - clean_entropy ORDER BY prompt_index), count(*) FILTER (top_token = clean_top_token), count(gain_change) " +
            "FROM interventions WHERE layer = (SELECT max(m.n_layers) - 1 FROM models m WHERE m.run = interventions.run AND m.model = interventions.model) " +
            "GROUP BY run, model, intervention_index, intervention HAVING count(gain_change) > 0 ORDER BY run, model, intervention_index");
        var found = new List<(ReportedModel Model, Intervened One)>();
        foreach (var model in rows)
        {
            List<Intervened> ones = [.. model.GroupBy(row => (string)row[3]!).SelectMany(named => named.Where(row => (string)row[0]! == (string)named.Last()[0]!)).Select(Intervened.Of)];
            var leading = ones.Where(one => one.Seed is null).OrderByDescending(one => Math.Abs(one.Change)).Take(WithInterval).ToHashSet();
            found.AddRange(ones.Select(one => (model.Key, leading.Contains(one) ? one with { Change95 = Interval(e, one) } : one)));
        }
        return found.ToLookup(one => one.Model, one => one.One);
    }

    static Interval? Interval(ReportEvidence e, Intervened one)
    {
        string run = one.Run.Replace("'", "''", StringComparison.Ordinal), model = one.Model.Replace("'", "''", StringComparison.Ordinal);
        var changes = e.Store!.Query(FormattableString.Invariant(
            $"SELECT gain_change FROM interventions WHERE run = '{run}' AND model = '{model}' AND intervention_index = {one.Index} AND gain_change IS NOT NULL QUALIFY layer = max(layer) OVER () ORDER BY prompt_index"), e.Cancellation);
        return Describe.Of([.. changes.Rows.Select(row => (double)row[0]!)], 1, e.Cancellation).Interval95.Value;
    }

    /// <summary>An intervention over its prompts; changes and costs are means.</summary>
    sealed record Intervened(string Run, string Model, long Index, string Name, string? Site, string? Unit, long? UnitIndex, double? Seed, double Change, double Kl, double EntropyChange, int TopKept, int N)
    {
        public Interval? Change95 { get; init; }

        /// <summary>Where its cost is drawn, nats.</summary>
        public double Cost => Math.Max(Kl, LeastCost);

        /// <summary>What is changed, as the legend has it.</summary>
        public string Kind => Unit is "head" or "neuron" ? $"{Unit}s" : Site ?? "several sites";

        public static Intervened Of(object?[] row) => new(
            (string)row[0]!, (string)row[1]!, Whole(row[2]), (string)row[3]!, (string?)row[4],
            (string?)row[5], row[6] is { } unit ? Whole(unit) : null, (double?)row[7],
            (double)row[8]!, (double)row[9]!, (double)row[10]!, Whole(row[11]), Whole(row[12]));

        static int Whole(object? value) => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
