using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Two questions of the published study in one picture, drawn from readings: expansion or dampening, and whether the gain rises with entropy.</summary>
static class SignsChart
{
    /// <summary>A point for each model.</summary>
    /// <param name="models">Models with the correlation of gain and entropy over their prompts.</param>
    public static Chart Of(IReadOnlyList<(ReportedModel Model, Figure<Association> R)> models)
    {
        var placed = models.Where(one => one.Model.Gain.Mean.Value is not null && one.R.Value is not null).ToList();
        return new(
            "signs", "The two signs of every model",
            "Two questions of the published study in one picture: does the last block expand or dampen the stream, and does its gain rise or fall with the entropy of the next token? " +
            $"Each of {Figures.Of(placed.Count, "point")} is a model: across its mean gain, up r of gain and entropy over its prompts; strokes are 95 % intervals, BCa bootstrap of the mean and Fisher's z of r, n in the table. " +
            "A stroke that crosses a dashed line leaves that sign open.",
            [new("mean gain of the last block") { Reference = 1 }], [new("r(G, H)") { Low = -1, High = 1, Reference = 0 }],
            [
                .. placed.Select(one => Series.Of(one.Model.Label, Mark.Strokes, [.. Ends(one).SelectMany(end => new double?[] { end.X0, end.X1, null })], [.. Ends(one).SelectMany(end => new double?[] { end.Y0, end.Y1, null })])
                    with { Colour = one.Model.Index, IsNamed = false, Size = 2 }),
                .. placed.Select(one => Series.Of(one.Model.Label, Mark.Points, [one.Model.Gain.Mean.Value], [one.R.Value!.Value.Coefficient]) with { Colour = one.Model.Index, Size = 10 }),
            ],
            new(["model", "n", "mean gain", "low", "high", "r(G, H)", "low", "high"], [.. models.Select(IReadOnlyList<Cell> (one) =>
            [
                one.Model.Label, Cell.Count(one.Model.Gain.N), Cell.Of(one.Model.Gain.Mean, Figures.Real), Cell.Of(one.Model.Gain.Interval95.Then(i => Figure<double>.Of(i.Low)), Figures.Real),
                Cell.Of(one.Model.Gain.Interval95.Then(i => Figure<double>.Of(i.High)), Figures.Real), Cell.Of(one.R.Then(r => Figure<double>.Of(r.Coefficient)), SignedFigures.Of, "r", one.Model.Label),
                Cell.Of(one.R.Then(r => r.Interval95.Then(i => Figure<double>.Of(i.Low))), SignedFigures.Of), Cell.Of(one.R.Then(r => r.Interval95.Then(i => Figure<double>.Of(i.High))), SignedFigures.Of),
            ])]))
        {
            Height = 420,
        };
    }

    static IEnumerable<(double X0, double X1, double Y0, double Y1)> Ends((ReportedModel Model, Figure<Association> R) one)
    {
        double gain = one.Model.Gain.Mean.Value!.Value;
        var r = one.R.Value!.Value;
        if (one.Model.Gain.Interval95.Value is { } across) yield return (across.Low, across.High, r.Coefficient, r.Coefficient);
        if (r.Interval95.Value is { } up) yield return (gain, gain, up.Low, up.High);
    }
}
