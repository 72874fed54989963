using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The tables that a page of prompts and a page of positions share.</summary>
static class BentovTables
{
    /// <summary>Columns from which a table has room for one more.</summary>
    const int Roomy = 100;

    /// <summary>Slopes with confounders held fixed; entropy is H, top-1 probability p₁.</summary>
    public static string Adjustments(IReadOnlyList<Adjustment> rows, Func<Adjustment, Figure<AdjustedSlope>> slope, string figure, int width)
    {
        var reasons = new Reasons();
        bool roomy = width >= Roomy;
        List<string> header = ["x | held fixed", $"slope of {figure}", "95 % interval", "p", .. roomy ? new[] { "β" } : [], "partial r", "VIF"];
        string table = TextTable.Of(header, [.. rows.Select(IReadOnlyList<string> (row) =>
        {
            string name = Name(row);
            var f = slope(row);
            return
            [
                name,
                reasons.Cell(f, s => SignedFigures.Of(s.Slope), name),
                Cell(f, s => SignedFigures.Span(s.Interval95)),
                Cell(f, s => SignedFigures.P(s.P)),
                .. roomy ? new[] { Cell(f, s => Figures.Correlation(s.Standardized)) } : [],
                Cell(f, s => Figures.Correlation(s.Partial)),
                Cell(f, s => SignedFigures.Inflation(s.Inflation)),
            ];
        })], width);
        return table + reasons.Text(width);
    }

    /// <summary>Parts of gain² − 1 on entropy and on top-1 probability, length and category held fixed.</summary>
    public static string Sublayers(IReadOnlyList<SublayerSlopes> sublayers, int width)
    {
        var reasons = new Reasons();
        var rows = sublayers.Select(s => Row($"{s.Sublayer} on H", s.OnEntropy)).Concat(sublayers.Select(s => Row($"{s.Sublayer} on p₁", s.OnTopProbability)));
        return TextTable.Of(["part of G² − 1", "slope", "95 % interval", "p"], [.. rows], width) + reasons.Text(width);

        IReadOnlyList<string> Row(string name, Figure<AdjustedSlope> f) =>
            [name, reasons.Cell(f, s => SignedFigures.Of(s.Slope), name), Cell(f, s => SignedFigures.Span(s.Interval95)), Cell(f, s => SignedFigures.P(s.P))];
    }

    /// <summary>Slope, intercept and crossing, as sentences.</summary>
    public static string Lines(Figure<FittedLine> gain, Figure<FittedLine> distance, Proportionality proportionality, Figure<Crossing> crossing, int width)
    {
        const string Why = "undefined, because";
        string slope = gain.Value is { } g
            ? $"Slope of G on H: {SignedFigures.Of(g.Slope)} per nat ({SignedFigures.Span(g.SlopeInterval95)}), p {Equal(g.P)}."
            : $"Slope of G on H: {Why} {gain.UndefinedBecause}.";
        string intercept = distance.Value is { } d
            ? $"Intercept of |G−1| on H: {SignedFigures.Of(d.Intercept)} ({SignedFigures.Span(d.InterceptInterval95)}), slope {SignedFigures.Of(d.Slope)} per nat " +
              $"({SignedFigures.Span(d.SlopeInterval95)}). Proportionality needs an intercept of 0 ± 0.02: {Verdict(proportionality)}."
            : $"Intercept of |G−1| on H: {Why} {distance.UndefinedBecause}.";
        string meets = crossing.Value is { } c
            ? FormattableString.Invariant($"The line of G meets 1 at H* = {c.Entropy:0.00} nats ({Nats(c.Interval95.Low)} to {Nats(c.Interval95.High)}, {c.Method}).") +
              (c.LeavesData ? " The interval leaves the entropies that were measured." : "")
            : $"H*, the entropy at which the line of G meets 1: {Why} {crossing.UndefinedBecause}.";
        return Wrapped.Of(slope, width, hang: 2) + Wrapped.Of(intercept, width, hang: 2) + Wrapped.Of(meets, width, hang: 2);
    }

    /// <summary>What the sides of 1 make of the two correlations.</summary>
    public static string Sides(SignIdentity sides, string noun)
    {
        int n = sides.Below + sides.Above + sides.AtOne;
        string one = sides.AtOne > 0 ? $", {Figures.Count(sides.AtOne)} at 1" : "";
        return sides.Sign switch
        {
            -1 => $"None of {Figures.Of(n, noun)} lies above 1 ({Figures.Count(sides.Below)} below{one}), so |G−1| = 1−G and r(|G−1|, H) = −r(G, H) by arithmetic: " +
                  "the changed sign says nothing about the model and is not counted as evidence.",
            1 => $"None of {Figures.Of(n, noun)} lies below 1 ({Figures.Count(sides.Above)} above{one}), so |G−1| = G−1 and r(|G−1|, H) = r(G, H) by arithmetic: " +
                 "the second is no evidence beyond the first.",
            _ when sides.Below == 0 => $"No gain differs from 1 ({Figures.Of(n, noun)}).",
            _ => $"{Figures.Count(sides.Below)} of {Figures.Of(n, noun)} lie below 1 and {Figures.Count(sides.Above)} above{one}: correlations with G and with |G−1| are different figures.",
        };
    }

    static string Name(Adjustment row)
    {
        string predictor = row.Predictor == Adjustment.Entropy ? "H" : "p₁";
        return row.Controls.Names.Count == 0 ? $"{predictor} | nothing"
            : $"{predictor} | {string.Join(", ", row.Controls.Names.Select(n => n == Adjustment.TopProbability ? "p₁" : n))}";
    }

    static string Nats(double value) => value.ToString("0.00;−0.00", System.Globalization.CultureInfo.InvariantCulture);

    static string Verdict(Proportionality proportionality) => proportionality switch
    {
        Proportionality.Holds => "its interval lies within, so this holds",
        Proportionality.Fails => "its interval lies outside, so this fails",
        _ => "its interval reaches over a bound, so this is undecided",
    };

    static string Cell<T>(Figure<T> figure, Func<T, string> text) where T : struct => figure.Value is { } value ? text(value) : Figures.Missing;

    static string Equal(double p) => p < 0.0001 ? "< 0.0001" : $"= {SignedFigures.P(p)}";
}
