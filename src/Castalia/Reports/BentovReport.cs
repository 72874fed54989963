using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia bentov</c> prints for people.</summary>
static class BentovReport
{
    const int Roomy = 100; // columns from which a table has room for one more

    /// <summary>The page.</summary>
    /// <param name="bentov">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    public static Page Of(Bentov bentov, string folder) => new(Blocks(bentov, folder));

    static IEnumerable<PageBlock> Blocks(Bentov bentov, string folder)
    {
        yield return new Line($"Runs in {folder}: {Figures.Of(bentov.Prompts.Select(p => p.Sample.Source.Run).Distinct().Count(), "run")}, {Figures.Of(bentov.Prompts.Count, "sample")}. Seed {bentov.Seed}.");
        yield return new Gap();
        yield return new Remarks(BentovFindings.Of(bentov));
        yield return new Gap();
        yield return new Paragraph(Legend(bentov));
        foreach (var block in bentov.Prompts.SelectMany((prompts, i) => Prompts(bentov, prompts, i))) yield return block;
        foreach (var block in (bentov.Positions ?? []).SelectMany(Positions)) yield return block;
        if (PositionsNote(bentov) is { } note)
        {
            yield return new Gap();
            yield return new Paragraph(note);
        }
        if (bentov.Prompts.Count > 1)
            foreach (var block in Overview(bentov)) yield return block;
        if (bentov.Pairs.Count == 0) yield break;
        yield return new Gap();
        foreach (var block in SameWeights(bentov.Pairs)) yield return block;
    }

    static string Legend(Bentov bentov) =>
        "G: gain of the last block, ‖h_L‖/‖h_{L−1}‖. H: entropy of the predicted next token, nats. The Bentov relation claims |G−1| ∝ H. " +
        "r: Pearson, Fisher's interval; ρ: Spearman, Bonett and Wright's. p: two-sided, from " +
        $"{Figures.Count(Relation.Permutations)} permutations (all orders up to {Permutation.MostEnumerated} prompts); Holm: that p adjusted over the " +
        $"{Figures.Of(bentov.Holm.GainPearson.Tests, "sample")} of this report in which it is defined. Slopes: least squares, Student's t. p₁: probability of the likeliest next token, which is nearly H " +
        "itself: VIF says how many times it inflates the variance of the slope. partial r: of figure and predictor, with what is held fixed taken out of both; it has no interval of its own, " +
        $"because {SlopeDocument.NoPartialInterval}.";

    static IEnumerable<PageBlock> Prompts(Bentov bentov, BentovPrompts b, int index)
    {
        yield return new Gap();
        foreach (var block in Cells.Head(b.Sample, "the last token of each")) yield return block;
        yield return new Paragraph(b.Sides.InWords("gain"));
        yield return new Gap();
        yield return new Table(["", "coefficient", "95 % interval", "p", "Holm"],
        [
            Correlation("r(G, H)", b.OfGain.Pearson, b.OfGain.PearsonP, bentov.Holm.GainPearson.Adjusted[index]),
            Correlation("ρ(G, H)", b.OfGain.Spearman, b.OfGain.SpearmanP, bentov.Holm.GainSpearman.Adjusted[index]),
            Correlation("r(|G−1|, H)", b.OfDistance.Pearson, b.OfDistance.PearsonP, bentov.Holm.DistancePearson.Adjusted[index]),
            Correlation("ρ(|G−1|, H)", b.OfDistance.Spearman, b.OfDistance.SpearmanP, bentov.Holm.DistanceSpearman.Adjusted[index]),
        ]);
        yield return new Gap();
        yield return new Remarks(BentovFindings.Lines(b.GainLine, b.DistanceLine, b.Proportionality, b.Crossing));
        yield return new Gap();
        foreach (var block in Confounders(b.Adjustments, b.NotHeldFixed, b.Sublayers)) yield return block;
        if (b.Categories.Count == 0) yield break;
        yield return new Gap();
        yield return new Table(["r(G, H) within", "n", "r", "95 % interval", "p", "Holm"],
        [
            .. b.Categories.Select(c => Within(c.Category, c.Prompts, c.Pearson, c.P, c.Holm)), Within("within all", b.Sample.Points.Count, b.WithinCategories, b.WithinCategoriesP, null),
        ]);
        yield return new Paragraph(
            $"p: from permutations within the category; Holm here: over the {Figures.Count(b.Categories.Count(c => c.P.Value is not null))} of them in which it is defined. " +
            "within all: categories' means taken out of both, prompts changing places within their category only.");
    }

    static IReadOnlyList<Cell> Correlation(string name, Figure<Association> r, Figure<PermutationTest> p, Figure<double> holm) =>
    [
        name, Cell.Of(r, a => SignedFigures.Of(a.Coefficient), name), r.Value is { } a ? Cell.Of(a.Interval95, SignedFigures.Span, $"interval of {name}") : Figures.Missing,
        Cell.Of(p, t => SignedFigures.P(t.P), name), Cell.Of(holm, SignedFigures.P),
    ];

    static IReadOnlyList<Cell> Within(string name, int n, Figure<Association> r, Figure<PermutationTest> p, Figure<double>? holm) =>
    [
        name, Cell.Count(n), Cell.Of(r, a => SignedFigures.Of(a.Coefficient), name), r.Value is { } a ? Cell.Of(a.Interval95, SignedFigures.Span, $"interval within {name}") : Figures.Missing,
        Cell.Of(p, t => SignedFigures.P(t.P)), holm is { } adjusted ? Cell.Of(adjusted, SignedFigures.P) : Figures.Missing,
    ];

    static IEnumerable<PageBlock> Positions(BentovPositions b)
    {
        yield return new Gap();
        foreach (var block in Cells.Head(b.Sample, "every position but the first of each")) yield return block;
        yield return new Paragraph(
            $"Positions of one text depend on each other. Slopes have errors clustered by text (CR1, t with {Figures.Of(b.Sample.Texts - 1, "degree")} of freedom); other intervals are " +
            $"percentiles over {Figures.Count(TextBootstrap.Resamples)} draws of whole texts." +
            (b.Sample.Texts < TextBootstrap.FewTexts ? $" With {Figures.Of(b.Sample.Texts, "text")} such intervals are too narrow: about {TextBootstrap.FewTexts} are wanted." : ""));
        yield return new Paragraph(b.Sides.InWords("gain"));
        yield return new Gap();
        yield return new Table(["", "value", "95 % interval by text"],
        [
            ByText("r(G, H)", b.OfGain.Pearson), ByText("ρ(G, H)", b.OfGain.Spearman), ByText("r(|G−1|, H)", b.OfDistance.Pearson), ByText("ρ(|G−1|, H)", b.OfDistance.Spearman),
            ByText("share below 1", b.ShareBelow),
        ]);
        yield return new Gap();
        yield return new Remarks(BentovFindings.Lines(b.GainLine, b.DistanceLine, b.Proportionality, b.Crossing));
        yield return new Gap();
        yield return new Table([new Column("H", "nats"), "n", "texts", "mean G", "95 % interval", "below 1", "MLP align.", "attn align."], [.. b.Bins.Select(Bin)]);
        yield return new Paragraph("Alignment: ⟨what the sublayer adds, h⟩/‖h‖², mean over the bin; negative where it writes against the stream.");
        yield return new Gap();
        foreach (var block in Confounders(b.Adjustments, b.NotHeldFixed, b.Sublayers)) yield return block;
    }

    static IReadOnlyList<Cell> ByText(string name, Figure<ClusteredFigure> figure) =>
        [name, Cell.Of(figure, f => SignedFigures.Of(f.Value), name), figure.Value is { } f ? Cell.Of(f.Interval95, SignedFigures.Span, $"interval of {name}") : Figures.Missing];

    static IReadOnlyList<Cell> Bin(EntropyBin bin) =>
    [
        Name(bin), Cell.Count(bin.N), Cell.Count(bin.Texts), Cell.Of(bin.MeanGain, Figures.Real, Name(bin)),
        bin.N == 0 ? Figures.Missing : Cell.Of(bin.Interval95, Cells.Span, $"interval of {Name(bin)}"), Cells.Share(bin.Below, bin.N),
        Cell.Of(bin.MeanAlignMlp, SignedFigures.Of), Cell.Of(bin.MeanAlignAttn, SignedFigures.Of),
    ];

    /// <summary>"0.1–0.5", "over 7".</summary>
    internal static string Name(EntropyBin bin) =>
        bin.To is { } to ? string.Create(CultureInfo.InvariantCulture, $"{bin.From:0.#}–{to:0.#}") : string.Create(CultureInfo.InvariantCulture, $"over {bin.From:0.#}");

    static string? PositionsNote(Bentov bentov)
    {
        List<string> with = [.. bentov.Prompts.Where(p => p.Sample.Source.HasPositions).Select(p => p.Sample.Source.Run).Distinct()];
        List<string> without = [.. bentov.Prompts.Where(p => !p.Sample.Source.HasPositions).Select(p => p.Sample.Source.Run).Distinct()];
        if (bentov.Positions is null) return with.Count == 0 ? null : $"Every position was recorded in {string.Join(", ", with)}: --positions reads them all, with intervals by text.";
        return without.Count == 0 ? null : $"No positions but the last were recorded in {string.Join(", ", without)}: measure with --positions all.";
    }

    static IEnumerable<PageBlock> Overview(Bentov bentov)
    {
        yield return new Gap();
        yield return new Table(["model", "n", "below 1", "r(G, H)", "Holm", "r(|G−1|, H)", "Holm", "slope"], [.. bentov.Prompts.Select(IReadOnlyList<Cell> (b, i) =>
        [
            b.Sample.Source.Label, Cell.Count(b.Sample.Points.Count), Cell.Count(b.Sides.Below),
            Cell.Of(b.OfGain.Pearson, r => Figures.Correlation(r.Coefficient)), Cell.Of(bentov.Holm.GainPearson.Adjusted[i], SignedFigures.P),
            (b.OfDistance.Pearson.Value is { } d ? Figures.Correlation(d.Coefficient) : Figures.Missing) + (b.Sides.Sign is null ? "" : "≡"),
            Cell.Of(bentov.Holm.DistancePearson.Adjusted[i], SignedFigures.P), Cell.Of(b.GainLine, line => SignedFigures.Of(line.Slope)),
        ])])
        { Indent = 0, Caption = "All samples" };
        if (bentov.Prompts.Any(b => b.Sides.Sign is not null)) yield return new Line("≡: r(G, H) up to its sign by arithmetic, no evidence of its own");
    }

    /// <summary>The tables of confounders and of sublayers.</summary>
    static IEnumerable<PageBlock> Confounders(IReadOnlyList<Adjustment> adjustments, IReadOnlyList<string> notHeldFixed, IReadOnlyList<SublayerSlopes> sublayers) =>
    [
        Adjustments(adjustments, a => a.OfGain, "G"),
        new Gap(),
        Adjustments(adjustments, a => a.OfDistance, "|G−1|"),
        .. notHeldFixed.Select(reason => new Paragraph($"Not held fixed: {reason}.", Hang: 2)),
        new Gap(),
        new Paragraph("Each sublayer's part of G² − 1 (they add up to it), with the same held fixed but p₁:"),
        new Table(["part of G² − 1", "slope", "95 % interval", "p"],
            [.. sublayers.Select(s => Sublayer($"{s.Sublayer} on H", s.OnEntropy)), .. sublayers.Select(s => Sublayer($"{s.Sublayer} on p₁", s.OnTopProbability))]),
    ];

    /// <summary>Slopes with confounders held fixed; entropy is H, top-1 probability p₁.</summary>
    static Table Adjustments(IReadOnlyList<Adjustment> rows, Func<Adjustment, Figure<AdjustedSlope>> slope, string figure) => new(
        ["x | held fixed", $"slope of {figure}", "95 % interval", "p", new Column("β") { FromWidth = Roomy }, "partial r", "VIF"],
        [.. rows.Select(IReadOnlyList<Cell> (row) =>
        [
            Name(row), Cell.Of(slope(row), s => SignedFigures.Of(s.Slope), Name(row)), Cell.Of(slope(row), s => SignedFigures.Span(s.Interval95)), Cell.Of(slope(row), s => SignedFigures.P(s.P)),
            Cell.Of(slope(row), s => Figures.Correlation(s.Standardized)), Cell.Of(slope(row), s => Figures.Correlation(s.Partial)), Cell.Of(slope(row), s => SignedFigures.Inflation(s.Inflation)),
        ])]);

    static IReadOnlyList<Cell> Sublayer(string name, Figure<AdjustedSlope> f) =>
        [name, Cell.Of(f, s => SignedFigures.Of(s.Slope), name), Cell.Of(f, s => SignedFigures.Span(s.Interval95)), Cell.Of(f, s => SignedFigures.P(s.P))];

    static string Name(Adjustment row)
    {
        string predictor = row.Predictor == Adjustment.Entropy ? "H" : "p₁";
        return row.Controls.Names.Count == 0 ? $"{predictor} | nothing"
            : $"{predictor} | {string.Join(", ", row.Controls.Names.Select(n => n == Adjustment.TopProbability ? "p₁" : n))}";
    }

    /// <summary>Samples of one model from different runs, side by side.</summary>
    static IEnumerable<PageBlock> SameWeights(IReadOnlyList<TwoSamples> pairs)
    {
        yield return new Heading("The same weights in several runs");
        foreach (var model in pairs.GroupBy(p => (p.First.Sample.Source.Weights, p.First.Sample.Source.Activation, p.First.Sample.Source.Arithmetic)))
        {
            List<ComparedSample> samples = [.. model.SelectMany(p => new[] { p.First, p.Second }).Distinct()];
            yield return new Table(["sample", "n", "tokens so far", "r(G, H)", "slope per nat", "held fixed", "below 1"], [.. samples.Select(IReadOnlyList<Cell> (s, i) =>
            [
                Letter(i), Cell.Count(s.Sample.Points.Count), Lengths(s.Sample), Value(s.Pearson), Value(s.Slope), Value(s.Adjusted), Cells.Share(s.Below, s.Sample.Points.Count),
            ])]);
            yield return new Remarks([.. samples.Select((s, i) => $"{Letter(i)}: {s.Sample.Source.Label}, run {s.Sample.Source.Run}, {s.Sample.Source.PromptSet}, {Where(s.Sample)}")], Hang: 3);
            yield return new Paragraph("tokens so far: median (5 to 95 %). held fixed: slope with length and, where there are any, categories held fixed.");
            yield return new Gap();
            yield return new Table(["difference", "of r", "95 % interval", "of slope", "95 % interval"], [.. model.Select(IReadOnlyList<Cell> (p) =>
            [
                Name(p), Cell.Of(p.OfPearson, d => SignedFigures.Of(d.Value), Name(p)), Cell.Of(p.OfPearson, d => SignedFigures.Span(d.Interval95)),
                Cell.Of(p.OfSlope, d => SignedFigures.Of(d.Value), Name(p)), Cell.Of(p.OfSlope, d => SignedFigures.Span(d.Interval95)),
            ])]);
            yield return new Paragraph("Intervals of differences: from the two intervals (Zou 2007), the samples being independent.");
            yield return new Paragraph(TwoSamples.NotConcluded([.. model]));

            string Name(TwoSamples p) => $"{Letter(samples.IndexOf(p.First))} − {Letter(samples.IndexOf(p.Second))}";
        }
    }

    static string Where(GainSample sample) => sample.Sampling == Sampling.LastToken ? "last token of each prompt" : "every position but the first";

    static string Lengths(GainSample sample)
    {
        double[] lengths = [.. sample.Points.Select(p => (double)p.Length).Order()];
        return lengths.Length == 0 ? Figures.Missing : FormattableString.Invariant($"{At(0.5):0} ({At(0.05):0}–{At(0.95):0})");

        double At(double p) => Describe.Quantile(lengths, p);
    }

    static string Letter(int index) => index < 26 ? $"{(char)('A' + index)}" : $"A{index}";

    static string Value((double Value, Interval)? figure) => figure is { } f ? SignedFigures.Of(f.Value) : Figures.Missing;
}
