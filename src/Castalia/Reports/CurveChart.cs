using Castalia.Curves;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>Curves over training steps as a chart, with its table.</summary>
static class CurveChart
{
    const int WideTerminal = 80, WiderTerminal = 100;

    /// <summary>The chart.</summary>
    /// <param name="set">The curves.</param>
    public static Chart Of(CurveSet set)
    {
        var (reading, curves) = (set.Reading, set.Curves);
        // A logarithmic axis has no 0: step 0 stands at half of the first other step.
        double zero = curves.SelectMany(curve => curve.Points).Where(point => point.Step > 0).Min(point => (double)point.Step) / 2;
        bool hasZero = curves.Any(curve => curve.Points[0].Step == 0);
        var all = curves.SelectMany(curve => curve.Points.Select(point => (Curve: curve, Point: point))).ToList();
        return new(
            $"curve-{reading.Key.Replace('_', '-')}", $"Over training: {reading.Title}",
            "Mean over prompts at each measured step, strokes: its 95 % BCa bootstrap interval. Lines join measured steps and say nothing of what lies between." +
            (hasZero ? FormattableString.Invariant($" On the logarithmic axis step 0 stands at {zero:0.#}.") : ""),
            [new("training step, logarithmic") { MayBeLog = true, IsLog = true }, new("training step")], [new(reading.Title, reading.Unit) { Reference = reading.Reference }],
            [
                .. curves.SelectMany((curve, i) => new[]
                {
                    new Series(curve.Series.Label, Mark.Strokes, [Trebled(curve, Shown), Trebled(curve, point => point.Step)], [Ends(curve)]) { Colour = i, IsNamed = false, Size = 2 },
                    new Series(curve.Series.Label, Mark.Line, [[.. curve.Points.Select(point => (double?)Shown(point))], [.. curve.Points.Select(point => (double?)point.Step)]], [[.. curve.Points.Select(point => point.Estimate.Mean.Value)]])
                    {
                        Colour = i, Notes = [.. curve.Points.Select(point => all.FindIndex(one => ReferenceEquals(one.Point, point)))],
                    },
                }),
            ],
            Figures(set))
        {
            Notes = [.. all.Select(one => (IReadOnlyList<(string, string)>)[("model", one.Curve.Series.Label), ("step", StepText(one.Point)), ("run", one.Point.At.Run)])],
        };

        double Shown(CurvePoint point) => point.Step == 0 ? zero : point.Step;
    }

    /// <summary>"0 = 1": with the equal step that it stands for.</summary>
    static string StepText(CurvePoint point) => point.At.Merged is { } merged ? $"{Wording.Figures.Count(point.Step)} = {Wording.Figures.Count(merged)}" : Wording.Figures.Count(point.Step);

    static Table Figures(CurveSet set)
    {
        bool isSigned = CurveFigures.IsSigned(set.Reading), hasReference = set.Reading.Reference is not null;
        Column[] columns =
        [
            .. set.Curves.Count > 1 ? [Column.Words("curve")] : Array.Empty<Column>(), "step", new Column("n") { FromWidth = WideTerminal }, "mean", new Column("sd") { FromWidth = WiderTerminal }, "95 % BCa",
            .. hasReference ? [new Column(FormattableString.Invariant($"below {set.Reading.Reference}"))] : Array.Empty<Column>(), new Column("run") { FromWidth = 120, Kind = ColumnKind.Words },
        ];
        return new(columns, [.. set.Curves.SelectMany((curve, i) => curve.Points.Select(IReadOnlyList<Cell> (point) =>
        [
            .. set.Curves.Count > 1 ? [CurveFigures.Number(i)] : Array.Empty<Cell>(), new(StepText(point), point.Step), Cell.Count(point.Estimate.N),
            Cell.Of(point.Estimate.Mean, isSigned ? SignedFigures.Of : Wording.Figures.Real), Cell.Of(point.Estimate.Sd, Wording.Figures.Real),
            Cell.Of(point.Estimate.Interval95, CurveFigures.Span(set.Reading), "interval", $"step {StepText(point)}"),
            .. hasReference ? [Cells.Share(point.Below!.Value, point.Estimate.N)] : Array.Empty<Cell>(), point.At.Run,
        ]))]);
    }

    static double?[] Trebled(Curve curve, Func<CurvePoint, double> of) => [.. curve.Points.SelectMany(point => new double?[] { of(point), of(point), null })];

    static double?[] Ends(Curve curve) => [.. curve.Points.SelectMany(point => new[] { point.Estimate.Interval95.Value?.Low, point.Estimate.Interval95.Value?.High, null })];
}

/// <summary>How figures of curves are written.</summary>
static class CurveFigures
{
    /// <summary>Whether the reading may be negative.</summary>
    public static bool IsSigned(CurveReading reading) => reading.Key.StartsWith("attribution", StringComparison.Ordinal) || reading.Key.StartsWith("kappa", StringComparison.Ordinal) || reading.Key == "cos";

    /// <summary>Ends of an interval of a reading.</summary>
    public static Func<Interval, string> Span(CurveReading reading) => IsSigned(reading) ? SignedFigures.Span : Cells.Span;

    /// <summary>"[2]": a curve by its place in the legend.</summary>
    public static string Number(int index) => FormattableString.Invariant($"[{index + 1}]");

    /// <summary>A step between measured ones.</summary>
    public static string Step(double step) => step >= 100 ? Figures.Count((long)Math.Round(step)) : step.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
