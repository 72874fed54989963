using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>The finding, and the gain of the last block of every model.</summary>
static class GainsSection
{
    /// <summary>What was found, in two sentences with numbers.</summary>
    public static string Finding(ReportEvidence e)
    {
        var means = e.Models.Where(model => model.Gain.Mean.Value is not null).OrderBy(model => model.Gain.Mean.Value).ToList();
        if (means.Count == 0) return "No model has a gain.";
        string Said(ReportedModel model) => $"{model.Label} ({Figures.Real(model.Gain.Mean.Value!.Value)}{(model.Gain.Interval95.Value is { } i ? $", 95 % interval {Cells.Span(i)}" : "")})";
        int Count(GainStatus status) => e.Models.Count(model => model.Status == status);
        int below = e.Models.Sum(model => model.Below), all = e.Models.Sum(model => model.Prompts.Count(prompt => prompt.Gain is not null));
        string first = e.Models.Count == 1
            ? $"The last block of {Said(means[0])} {Verb(means[0].Status)} the residual stream at the last token, on average over {Figures.Of(means[0].Gain.N, "prompt")}."
            : $"{Several(e)} the last block expands the residual stream at the last token in {Count(GainStatus.Expansion)}, dampens it in {Count(GainStatus.Dampening)} and does neither clearly in " +
              $"{e.Models.Count - Count(GainStatus.Expansion) - Count(GainStatus.Dampening)}: mean gains go from {Said(means[0])} to {Said(means[^1])}.";
        var r = e.Models.Select(model => (model, R: Relation(model))).Where(pair => pair.R.Value is not null).OrderBy(pair => pair.R.Value!.Value.Coefficient).ToList();
        string single = $"{Figures.Count(below)} of {Figures.Of(all, "prompt")} lie below 1";
        string second = r.Count switch
        {
            0 => $"{single}; a relation of gain to entropy is undefined.",
            1 => $"{single}; gain and the entropy of the next token go together with r = {Figures.Correlation(r[0].R.Value!.Value.Coefficient)}{Interval(r[0].R.Value!.Value)}.",
            _ => $"{single}; gain and the entropy of the next token go together with r from {Figures.Correlation(r[0].R.Value!.Value.Coefficient)} ({r[0].model.Label}) to {Figures.Correlation(r[^1].R.Value!.Value.Coefficient)} ({r[^1].model.Label}).",
        };
        int untrained = e.Models.Count(model => model.IsUntrained);
        string theory = untrained == 0 ? "" : $" {(untrained == e.Models.Count ? "All" : untrained)} of these are untrained networks, which say nothing of trained ones.";
        return $"{first} {second}{theory}";

        static string Interval(Association a) => a.Interval95.Value is { } i ? $" (95 % {SignedFigures.Span(i)})" : "";
    }

    /// <summary>One model on several prompt sets has several rows.</summary>
    static string Several(ReportEvidence e)
    {
        int models = e.Models.Select(model => model.Identity).Distinct().Count();
        return models == e.Models.Count ? $"Of {Figures.Of(models, "model")}" : $"Of {Figures.Of(e.Models.Count, "row")}, {Figures.Of(models, "model")} on one set of prompts or several,";
    }

    static string Verb(GainStatus status) => status switch { GainStatus.Expansion => "expands", GainStatus.Dampening => "dampens", _ => "neither clearly expands nor clearly dampens" };

    static Figure<Association> Relation(ReportedModel model)
    {
        var pairs = model.Prompts.Where(prompt => prompt is { Gain: not null, Entropy: not null }).ToList();
        return Correlation.Pearson([.. pairs.Select(prompt => prompt.Gain!.Value)], [.. pairs.Select(prompt => prompt.Entropy!.Value)]);
    }

    /// <summary>The chart of intervals with its table.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Gain of the last block", 2);
        yield return new Paragraph(
            "Convention: G = ‖h_L‖/‖h_{L−1}‖, the stream leaving the last block over the stream entering it, at the last token of each prompt; float32 stream, norms in float64. " +
            "Published figures are the study's own readings, from norms in the type each was recorded in.");
        string[] names = [.. e.Models.Select(model => model.Label)];
        double?[] places = [.. Enumerable.Range(0, names.Length).Select(i => (double?)i)];
        yield return new Chart(
            "gains", "Mean gain of the last block", $"Points are means over the prompts of each model, strokes 95 % BCa bootstrap intervals of the mean; n in the table. The dashed line is 1, where the stream keeps its length.",
            [new("mean gain") { Reference = 1 }], [Axis.Of("", names)],
            [
                .. e.Models.Where(model => model.Gain.Interval95.Value is not null).GroupBy(model => model.Gain.Mean.Value < 1).Select(side => Series.Of(
                    side.Key ? "below 1" : "1 and above", Mark.Strokes,
                    [.. side.SelectMany(model => new double?[] { model.Gain.Interval95.Value!.Value.Low, model.Gain.Interval95.Value!.Value.High, null })], [.. side.SelectMany(model => new double?[] { model.Index, model.Index, null })])
                    with { Colour = -1, IsDown = side.Key, Size = 5, IsNamed = false }),
                .. e.Models.Where(model => model.Gain.Mean.Value is not null).GroupBy(model => model.Gain.Mean.Value < 1).Select(side => Series.Of(
                    side.Key ? "below 1" : "1 and above", Mark.Points, [.. side.Select(model => model.Gain.Mean.Value)], [.. side.Select(model => (double?)model.Index)]) with { Colour = -1, IsDown = side.Key, Size = 10, IsNamed = false }),
            ],
            new(["model", Column.Words("from"), "blocks", "n", "mean", "sd", "low", "high", Column.Words("status"), "prompts below 1"], [.. e.Models.Select(IReadOnlyList<Cell> (model) =>
            [
                model.Label, model.Source, Cell.Count(model.Blocks), Cell.Count(model.Gain.N), Cell.Of(model.Gain.Mean, Figures.Real), Cell.Of(model.Gain.Sd, Figures.Real),
                Cell.Of(model.Gain.Interval95.Then(i => Figure<double>.Of(i.Low)), Figures.Real, "interval", model.Label), Cell.Of(model.Gain.Interval95.Then(i => Figure<double>.Of(i.High)), Figures.Real),
                Cells.Status(model.Status), Cell.Count(model.Below),
            ])]))
        {
            Height = 90 + 26 * e.Models.Count,
        };
    }
}
