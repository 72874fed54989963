using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The parts that a page of prompts and a page of positions share.</summary>
static class BentovParts
{
    /// <summary>Columns from which a table has room for one more.</summary>
    const int Roomy = 100;

    /// <summary>The model, its run and how it was read.</summary>
    public static IEnumerable<PageBlock> Head(GainSample sample, string where) =>
    [
        new Heading(sample.Source.Label),
        new Paragraph($"run {sample.Source.Run}: {sample.Source.PromptSet}, --bos {sample.Source.Bos}, {Figures.Of(sample.Texts, "prompt")}, {where}: n = {Figures.Count(sample.Points.Count)}" +
            $"{(sample.LeftOut > 0 ? $"; {Figures.Of(sample.LeftOut, "reading")} left out, without a gain or an entropy" : "")}", Hang: 2),
    ];

    /// <summary>The tables of confounders and of sublayers.</summary>
    public static IEnumerable<PageBlock> Confounders(IReadOnlyList<Adjustment> adjustments, IReadOnlyList<string> notHeldFixed, IReadOnlyList<SublayerSlopes> sublayers) =>
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

    /// <summary>Slope, intercept and crossing, as sentences.</summary>
    public static IEnumerable<PageBlock> Lines(Figure<FittedLine> gain, Figure<FittedLine> distance, Proportionality proportionality, Figure<Crossing> crossing)
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
        return [new Remarks([slope, intercept, meets])];
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

    static string Equal(double p) => p < 0.0001 ? "< 0.0001" : $"= {SignedFigures.P(p)}";
}
