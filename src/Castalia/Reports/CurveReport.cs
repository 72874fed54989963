using Castalia.Curves;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia curve</c> prints for people.</summary>
static class CurveReport
{
    const int MostNamed = 5;

    /// <summary>The page.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="store">Folder of the runs.</param>
    public static Page Of(CurveSet set, string store) => new([new Line($"Runs in {store}"), .. Blocks(set)]);

    /// <summary>The same as a part of another page.</summary>
    /// <param name="set">The curves.</param>
    public static IEnumerable<PageBlock> Blocks(CurveSet set)
    {
        yield return new Remarks([.. Legend(set)]);
        yield return new Remarks([.. Warnings(set)], Hang: 0);
        yield return new Gap();
        yield return CurveChart.Of(set);
        if (set.Reading.Reference is { } reference)
        {
            yield return new Gap();
            foreach (var block in Crossings(set, reference)) yield return block;
        }
        yield return new Gap();
        yield return new Paragraph(
            "onset: first measured step whose mean lies outside the 95 % interval of the first step's; freeze: first from which on all means lie within that of the last step's. " +
            FormattableString.Invariant($"slope: of the mean on ln step from {100 * LateSlope.Share:0} % of the last step on; its interval is over prompts drawn again, and holds nothing of how trainings differ.") +
            (set.Reading.Settled is { } bound ? FormattableString.Invariant($" Drifting: the interval lies beyond ±{bound}, settled: within (h9).") : ""));
        yield return new Gap();
        yield return new Table(["curve", "onset", "freeze", "from", "slope", "95 %", .. set.Reading.Settled is null ? Array.Empty<Column>() : [Column.Words("end")]], [.. set.Curves.Select((curve, i) => End(set, curve, i))]) { Caption = "Beginning and end" };
        if (set.Curves.All(curve => curve.Slowing.Value is null)) yield break;
        yield return new Gap();
        yield return new Paragraph(
            "Slowing: lag-1 autocorrelation of the mean over the longest stretch of evenly spaced steps, in windows of half of it without their line; τ: Kendall's, of autocorrelation and window. " +
            "Before a bifurcation it rises; rising alone is no proof of one, and windows overlap, so that τ has no p.");
        yield return new Gap();
        yield return new Table(["curve", "steps", "each", "window", "first", "last", "τ"], [.. set.Curves.Select((curve, i) => Slowing(curve, i))]) { Caption = "Slowing" };
    }

    static IEnumerable<string> Legend(CurveSet set) => set.Curves.Select((curve, i) =>
        $"{CurveFigures.Number(i)} {curve.Series.Label}: {Figures.Of(curve.Points.Count, "step")}, {Figures.Count(curve.Points[0].Step)} to {Figures.Count(curve.Points[^1].Step)}, " +
        $"{Figures.Of(curve.Series.Prompts, "prompt")} ({curve.Series.PromptSet}), bootstrap seed {set.Seed}");

    static IEnumerable<string> Warnings(CurveSet set)
    {
        string[] merged = [.. set.Curves.Select((curve, i) => (curve, i)).Where(one => one.curve.Points[0].At.Merged is not null).Select(one => set.Curves.Count > 1 ? CurveFigures.Number(one.i) : one.curve.Series.Label)];
        if (merged.Length > 0) yield return $"Steps 0 and 1 hold the same weights, byte for byte, and are one point: {string.Join(", ", merged)}.";
        foreach (var (label, steps) in set.Kept)
            yield return $"Kept by --duplicates keep, though these steps hold the same weights, byte for byte: {label}, {string.Join(", ", steps.Select(step => Figures.Count(step)))}. At most one of them is what it says.";
        if (set.Unknown.Count > 0) yield return $"Equal weights would not show in {string.Join(", ", set.Unknown)}: manifests of their runs state no hash.";
        if (Some(set.Found.WithoutStep) is { } without) yield return $"Left out, because their sources say no step: {without}.";
        if (Some(set.Found.OneStep) is { } single) yield return $"Left out, because one step alone was measured: {single}.";
        if (Some(set.Found.WithoutReading) is { } lacking) yield return $"Left out, because their runs do not hold the reading, which '{set.Reading.Verb}' gives: {lacking}.";
        int most = set.Curves.Max(curve => curve.Points.Max(point => curve.Series.Prompts - point.Estimate.N));
        if (most > 0) yield return $"At a step up to {Figures.Of(most, "prompt")} {(most == 1 ? "lacks" : "lack")} the reading: means are over those that have it there, not always the same.";
    }

    static string? Some(IReadOnlyList<string> names) => names.Count == 0 ? null
        : string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {Figures.Count(names.Count - MostNamed)} more" : "");

    static IEnumerable<PageBlock> Crossings(CurveSet set, double reference)
    {
        string value = FormattableString.Invariant($"{reference}");
        var all = set.Curves.Index().SelectMany(curve => curve.Item.Crossings.Select(crossing => (curve.Index, Crossing: crossing))).ToList();
        if (all.Count == 0)
        {
            yield return new Paragraph($"No mean crosses {value} between measured steps.");
            yield break;
        }
        yield return new Paragraph(
            $"Crossings of {value}, linear in the step between the means of two measured steps; interval: percentiles of the nearest crossing of the same direction over {Figures.Count(Curve.Resamples)} draws of prompts, the same at every step.");
        yield return new Gap();
        yield return new Table(["curve", "step", "95 %", Column.Words("way"), Column.Words("between")], [.. all.Select(IReadOnlyList<Cell> (one) =>
        [
            CurveFigures.Number(one.Index), Cell.Number(one.Crossing.Step, CurveFigures.Step), Cell.Of(one.Crossing.Interval95, i => $"{CurveFigures.Step(i.Low)}–{CurveFigures.Step(i.High)}", "interval", $"step {CurveFigures.Step(one.Crossing.Step)}"),
            one.Crossing.IsFall ? "down" : "up", $"{Figures.Count(one.Crossing.After)} and {Figures.Count(one.Crossing.Until)}",
        ])])
        { Caption = $"Crossings of {value}" };
    }

    static IReadOnlyList<Cell> End(CurveSet set, Curve curve, int index)
    {
        string number = CurveFigures.Number(index);
        return
        [
            number, Cell.Of(curve.Onset, step => Figures.Count(step), "onset", number), Cell.Of(curve.Freeze, step => Figures.Count(step), "freeze", number), Cell.Of(curve.End, end => Figures.Count(end.From), "slope", number),
            Cell.Of(curve.End, end => SignedFigures.Of(end.Slope)), Cell.Of(curve.End.Then(end => end.Interval95), SignedFigures.Span),
            .. set.Reading.Settled is null ? Array.Empty<Cell>() : [Cell.Of(curve.End, end => end.Verdict.ToString().ToLowerInvariant())],
        ];
    }

    static IReadOnlyList<Cell> Slowing(Curve curve, int index)
    {
        string number = CurveFigures.Number(index);
        return
        [
            number, Cell.Of(curve.Slowing, s => $"{Figures.Count(s.From)}–{Figures.Count(s.To)}", "slowing", number), Cell.Of(curve.Slowing, s => Figures.Count(s.Spacing)), Cell.Of(curve.Slowing, s => Figures.Count(s.Window)),
            Cell.Of(curve.Slowing, s => Figures.Correlation(s.First)), Cell.Of(curve.Slowing, s => Figures.Correlation(s.Last)), Cell.Of(curve.Slowing, s => Figures.Correlation(s.Trend)),
        ];
    }
}
