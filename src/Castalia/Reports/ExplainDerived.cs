using Castalia.Analyses;
using Castalia.Attribution;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The part of the page of <see cref="ExplainReport"/> for which reference texts or directions are needed.</summary>
static class ExplainDerived
{
    const int MostDirections = 10;

    /// <summary>Its sections, of one block.</summary>
    public static IEnumerable<PageBlock> Blocks(AttributedRun run, int block)
    {
        var prompts = GainParts.LastPositions(run, block);
        foreach (var part in Absent(run)) yield return part;
        if (run.Reference is not null) foreach (var part in OfReference(run, block, prompts)) yield return part;
        if (run.Bands is { } bands) foreach (var part in OfBands(bands, prompts)) yield return part;
        var given = prompts[0].Of.Derived.Directions.Index().Where(split => split.Item.Name is not (ReferenceBlock.MeanName or ReferenceBlock.ComponentsName)).ToList();
        if (given.Count > 0) foreach (var part in OfGiven(prompts, [.. given.Select(split => split.Index)], run.Seed)) yield return part;
    }

    static IEnumerable<PageBlock> Absent(AttributedRun run)
    {
        List<string> absent = [];
        if (run.Reference is null) absent.Add("--reference running-24, or another set without the prompts, adds the gain about a mean and without the largest coordinates");
        if (run.Bands is null) absent.Add("--bands adds a split by singular directions of the unembedding");
        if (absent.Count == 0) yield break;
        yield return new Gap();
        yield return new Paragraph($"Not read here: {string.Join("; ", absent)}.");
    }

    static IEnumerable<PageBlock> OfReference(AttributedRun run, int block, IReadOnlyList<AttributedPrompt> prompts)
    {
        var reference = run.ReferenceBlocks.Single(one => one.Block == block);
        yield return new Gap();
        yield return new Heading("Beside reference texts", 2);
        yield return new Paragraph(
            $"{run.Reference!.Name}: {Figures.Of(run.Reference.Texts.Count, "text")}, {Figures.Of(reference.Positions, "position")}, all but the first of each. μ is their mean before the block, μ′ after it; " +
            "coordinates are ranked by their mean |h|. Last position of each prompt; mean and 95 % interval over prompts.");
        yield return FigureTable(run, prompts);
        yield return new Paragraph(
            $"p: share of {CoordinateSets.Count} random sets of as many coordinates (seed {run.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)}) without which the gain is at least as large, the set itself counted; median over prompts. " +
            "Common-mode rejection above 1: more is taken of the mean than of the rest.");
        yield return new Paragraph(
            $"Over the reference texts the mean is {Share(reference.MeanShareBefore)} of ‖h‖² before the block and {Share(reference.MeanShareAfter)} after it; kurtosis of the coordinates' root mean squares " +
            $"{Figures.Real(reference.KurtosisBefore)} and {Figures.Real(reference.KurtosisAfter)}. First-ranked coordinates: {string.Join(", ", reference.Ranking.Take(CoordinateSets.Sizes[^1]).Select(i => FormattableString.Invariant($"{i}")))}.");
        yield return new Gap();
        yield return new Paragraph("What the block does along the mean, and along the first principal components about it: their part A of G² − 1, and their shares of ‖h‖² before and of ‖h′‖² after the block.");
        int[] sets = [.. prompts[0].Of.Derived.Directions.Index().Where(split => split.Item.Name is ReferenceBlock.MeanName or ReferenceBlock.ComponentsName).Select(split => split.Index)];
        yield return SplitTable(prompts, sets, run.Seed);
        if (reference.Components is null) yield return new Paragraph("Principal components are not determined here: there are too few positions, or variances too close to tell.");
        var total = Estimated(prompts, b => b.GainSquaredMinusOne, run.Seed);
        double along = Mean(prompts, AlongMean);
        if (total is { Mean.Value: { } mean, Interval95.Value: { } interval } && (interval.Low > 0 || interval.High < 0) && double.IsFinite(along))
            yield return new Paragraph($"Share of the mean in G² − 1 = {SignedFigures.Of(mean)}: {SignedFigures.Of(along / mean)} (ratio of means).");
        if (run.ReferenceBlocks.Count == 1) yield break;
        yield return new Gap();
        yield return new Paragraph("By block, counted from 0; kurtosis before the block and after it.");
        yield return ByBlock(run);
    }

    static Table FigureTable(AttributedRun run, IReadOnlyList<AttributedPrompt> prompts)
    {
        var rows = new List<IReadOnlyList<Cell>>
        {
            Row("gain", b => b.Gain),
            Row("about μ: ‖h′ − μ′‖/‖h − μ‖", b => b.Derived.Reference!.CentredGain),
        };
        for (int i = 0; i < CoordinateSets.Sizes.Count; i++)
        {
            int k = i;
            string what = $"without {Figures.Of(CoordinateSets.Sizes[i], "coordinate")}";
            double[] p = [.. prompts.Select(one => one.Of.Derived.Reference!.Without[k].P).Where(double.IsFinite).Order()];
            rows.Add([.. Row(what, b => b.Derived.Reference!.Without[k].Gain).Take(3), p.Length == 0 ? Figures.Missing : Cell.Number((p[(p.Length - 1) / 2] + p[p.Length / 2]) / 2, SignedFigures.P)]);
            rows.Add(Row("– random sets of as many", b => b.Derived.Reference!.Without[k].Random));
        }
        rows.Add(Row("common-mode rejection", b => b.Derived.Reference!.CommonModeRejection));
        rows.Add(Row("participation before", b => b.Derived.ParticipationBefore));
        rows.Add(Row("participation after", b => b.Derived.ParticipationAfter));
        return new(["figure", "mean", "95 % interval", "p"], rows) { Caption = "Figures beside reference texts; participation: Σh⁴/(Σh²)², 1 where one coordinate has all" };

        IReadOnlyList<Cell> Row(string name, Func<BlockAttribution, double> of)
        {
            var estimate = Estimated(prompts, of, run.Seed);
            return [name, Cell.Of(estimate.Mean, Figures.Real), new(Figures.Interval(estimate.Interval95)), ""];
        }
    }

    /// <summary>A row for each direction or group, and one for what is outside.</summary>
    static Table SplitTable(IReadOnlyList<AttributedPrompt> prompts, IReadOnlyList<int> sets, long seed)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        foreach (int set in sets)
        {
            var first = prompts[0].Of.Derived.Directions[set];
            string name = first.Name switch { ReferenceBlock.MeanName => "mean", ReferenceBlock.ComponentsName => "component", var other => other };
            int shown = Math.Min(first.Parts.Count, MostDirections);
            for (int i = 0; i < shown; i++)
            {
                int at = i;
                rows.Add(Row(first.Parts.Count == 1 ? name : FormattableString.Invariant($"{name} {i}"), d => d.Parts[at], d => d.Before[at], d => d.After[at]));
            }
            if (first.Parts.Count > shown)
                rows.Add(Row($"{name}, the other {Figures.Count(first.Parts.Count - shown)}", d => d.Parts.Skip(shown).Sum(), d => d.Before.Skip(shown).Sum(), d => d.After.Skip(shown).Sum()));
            rows.Add(Row("– outside", d => d.Outside, d => d.BeforeOutside, d => d.AfterOutside));

            IReadOnlyList<Cell> Row(string label, Func<DirectionSplit, double> part, Func<DirectionSplit, double> before, Func<DirectionSplit, double> after) =>
            [
                label, Cell.Number(Mean(prompts, b => part(b.Derived.Directions[set])), SignedFigures.Of),
                SignedFigures.Span(Estimated(prompts, b => part(b.Derived.Directions[set]), seed).Interval95), ShareCell(Mean(prompts, b => before(b.Derived.Directions[set]))),
                ShareCell(Mean(prompts, b => after(b.Derived.Directions[set]))),
            ];
        }
        return new(["direction", "A", "95 % interval", "before", "after"], rows) { Caption = "Along directions, means over prompts: A of G² − 1 with its interval, shares of squared length before and after" };
    }

    static Table ByBlock(AttributedRun run) => new(
        ["block", "gain", "about μ", "without 10", "random", "A of μ", "kurtosis", "after"],
        [.. run.ReferenceBlocks.Select(reference =>
        {
            var prompts = GainParts.LastPositions(run, reference.Block);
            double Of(Func<BlockAttribution, double> value) => Mean(prompts, value);
            return (IReadOnlyList<Cell>)
            [
                FormattableString.Invariant($"{reference.Block}"), Number(Of(b => b.Gain), Figures.Real), Number(Of(b => b.Derived.Reference!.CentredGain), Figures.Real),
                Number(Of(b => b.Derived.Reference!.Without[^1].Gain), Figures.Real), Number(Of(b => b.Derived.Reference!.Without[^1].Random), Figures.Real),
                Number(Of(AlongMean), SignedFigures.Of),
                Number(reference.KurtosisBefore, Figures.Real), Number(reference.KurtosisAfter, Figures.Real),
            ];
        })])
    {
        Caption = "Beside reference texts, by block, means over prompts; kurtosis of the coordinates' root mean squares before and after",
    };

    static IEnumerable<PageBlock> OfBands(UnembeddingBands bands, IReadOnlyList<AttributedPrompt> prompts)
    {
        yield return new Gap();
        yield return new Heading("By bands of the unembedding", 2);
        yield return new Paragraph(
            $"Right singular directions of W_U·diag(γ), {Figures.Count(bands.Rows)} rows, their mean subtracted, from the largest singular value down: what lies in the last bands the logits hardly see. " +
            "Shares of ‖h‖² before and of ‖h′‖² after the block, and A of G² − 1, means over prompts." +
            (bands.HasWeight ? "" : " The final norm has no weight: γ is 1.") + (bands.IsMeanFree ? " The final norm takes the mean out: it lies outside." : ""));
        var rows = new List<IReadOnlyList<Cell>>();
        int direction = 0;
        foreach (var (band, size) in bands.Directions.Sizes.Index())
        {
            int at = band;
            rows.Add(
            [
                FormattableString.Invariant($"{band}"), Cell.Count(size), Cell.Number(bands.Values[direction], Figures.Real), Cell.Number(bands.Values[direction + size - 1], Figures.Real),
                ShareCell(Mean(prompts, b => b.Derived.Bands!.Before[at])), ShareCell(Mean(prompts, b => b.Derived.Bands!.After[at])), Cell.Number(Mean(prompts, b => b.Derived.Bands!.Parts[at]), SignedFigures.Of),
            ]);
            direction += size;
        }
        if (bands.IsMeanFree)
            rows.Add(["outside", Cell.Count(1), Figures.Missing, Figures.Missing, ShareCell(Mean(prompts, b => b.Derived.Bands!.BeforeOutside)), ShareCell(Mean(prompts, b => b.Derived.Bands!.AfterOutside)), Cell.Number(Mean(prompts, b => b.Derived.Bands!.Outside), SignedFigures.Of)]);
        yield return new Table(["band", "size", "σ from", "σ to", "before", "after", "A"], rows) { Caption = "By bands of singular directions of the unembedding, means over prompts" };
        if (bands.Undetermined.Count > 0)
            yield return new Paragraph($"Singular values on either side of the lower edge of {(bands.Undetermined.Count == 1 ? "band" : "bands")} {string.Join(", ", bands.Undetermined.Select(b => FormattableString.Invariant($"{b}")))} are too close to tell: what is counted above and below it is arbitrary.");
    }

    static IEnumerable<PageBlock> OfGiven(IReadOnlyList<AttributedPrompt> prompts, IReadOnlyList<int> sets, long seed)
    {
        yield return new Gap();
        yield return new Heading("Along the directions given", 2);
        yield return new Paragraph("A of G² − 1, and shares of ‖h‖² before and of ‖h′‖² after the block; means over prompts at their last position.");
        yield return SplitTable(prompts, sets, seed);
    }

    /// <summary>A along the reference's mean; NaN where that is 0.</summary>
    static double AlongMean(BlockAttribution b) => b.Derived.Directions.FirstOrDefault(split => split.Name == ReferenceBlock.MeanName)?.Parts[0] ?? double.NaN;

    static Estimate Estimated(IReadOnlyList<AttributedPrompt> prompts, Func<BlockAttribution, double> of, long seed) =>
        Describe.Of([.. prompts.Select(prompt => of(prompt.Of)).Where(double.IsFinite)], seed);

    /// <summary>Over the prompts where it is defined; NaN where it nowhere is.</summary>
    static double Mean(IReadOnlyList<AttributedPrompt> prompts, Func<BlockAttribution, double> of)
    {
        double[] values = [.. prompts.Select(prompt => of(prompt.Of)).Where(double.IsFinite)];
        return values.Length == 0 ? double.NaN : values.Average();
    }

    static Cell Number(double value, Func<double, string> text) => double.IsFinite(value) ? Cell.Number(value, text) : Figures.Missing;

    static Cell ShareCell(double share) => double.IsFinite(share) ? new Cell(Share(share), share) : Figures.Missing;

    static string Share(double share) => double.IsFinite(share) ? (share * 100).ToString(share < 0.1 ? "0.00" : "0.0", System.Globalization.CultureInfo.InvariantCulture) + " %" : Figures.Missing;
}
