using System.Globalization;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What the Bentov relation came to, in sentences.</summary>
static class BentovFindings
{
    const double Level = 0.05;

    /// <summary>One sample, the figures a summary needs of it.</summary>
    sealed record Part(GainSample Sample, SignIdentity Sides, double? R, FittedLine? Line, FittedLine? Distance, Proportionality Proportionality, IReadOnlyList<Adjustment> Adjustments);

    /// <summary>What was read, the answer, and what stands against it; empty where nothing was read.</summary>
    public static IReadOnlyList<string> Of(Bentov bentov)
    {
        List<Part> parts =
        [
            .. bentov.Prompts.Select(p => new Part(p.Sample, p.Sides, p.OfGain.Pearson.Value?.Coefficient, p.GainLine.Value, p.DistanceLine.Value, p.Proportionality, p.Adjustments)),
            .. (bentov.Positions ?? []).Select(p => new Part(p.Sample, p.Sides, p.OfGain.Pearson.Value?.Value, p.GainLine.Value, p.DistanceLine.Value, p.Proportionality, p.Adjustments)),
        ];
        return parts.Count == 0 ? [] : [$"Read: {Read(bentov)}", $"Found: {Found(bentov, parts)}", $"Against it: {Against(bentov, parts)}"];
    }

    static string Read(Bentov bentov)
    {
        int models = bentov.Prompts.Select(p => p.Sample.Source.Label).Distinct().Count();
        string read = $"{Figures.Of(models, "model")}, {Figures.Of(bentov.Prompts.Sum(p => (long)p.Sample.Points.Count), "prompt")} at the last token";
        return bentov.Positions is not { Count: > 0 } positions ? $"{read}."
            : $"{read}, and {Figures.Of(positions.Sum(p => (long)p.Sample.Points.Count), "position")} of {Figures.Of(positions.Sum(p => (long)p.Sample.Texts), "text")}.";
    }

    static string Found(Bentov bentov, List<Part> parts)
    {
        int holds = parts.Count(p => p.Proportionality == Proportionality.Holds), fails = parts.Count(p => p.Proportionality == Proportionality.Fails);
        double[] slopes = [.. parts.Select(p => p.Line?.Slope).OfType<double>()], r = [.. parts.Select(p => p.R).OfType<double>()];
        string answer = parts is [var only]
            ? $"|G−1| {(holds > 0 ? "is" : fails > 0 ? "is not" : "may or may not be")} proportional to entropy" +
              (only.Distance is { } d ? $": at an entropy of 0 its line is at {SignedFigures.Of(d.Intercept)} ({SignedFigures.Span(d.InterceptInterval95)})" : "")
            : $"|G−1| is proportional to entropy in {holds} of {Figures.Of(parts.Count, "sample")}, is not in {fails}, and {parts.Count - holds - fails} cannot say";
        string relation = r.Length == 0 ? "" : $"; r(G, H) = {Range(r, Figures.Correlation)}" + (slopes.Length == 0 ? "" : $", {Range(slopes, SignedFigures.Of)} per nat");
        List<double> adjusted = [.. bentov.Holm.GainPearson.Adjusted.Select(p => p.Value).OfType<double>()];
        string tested = adjusted.Count switch
        {
            0 => "",
            1 => $", p = {SignedFigures.P(adjusted[0]).Replace("<", "below ", StringComparison.Ordinal)} over prompts".Replace("= below", "below", StringComparison.Ordinal),
            _ => $", Holm's p over prompts below {Level} in {adjusted.Count(p => p < Level)} of {adjusted.Count}",
        };
        return $"{answer}{relation}{tested}.";
    }

    static string Against(Bentov bentov, List<Part> parts)
    {
        List<string> reasons = [];
        List<(double Plain, AdjustedSlope Held, IReadOnlyList<string> Names)> held = [.. parts.Select(Held).OfType<(double, AdjustedSlope, IReadOnlyList<string>)>()];
        if (held is [var (plain, slope, names)])
            reasons.Add($"with {string.Join(" and ", names)} held fixed the slope of G is {SignedFigures.Of(slope.Slope)} ({SignedFigures.Span(slope.Interval95)}) where it was {SignedFigures.Of(plain)}");
        else if (held.Count > 1)
            reasons.Add($"with confounders held fixed the interval of the slope of G contains 0 in {held.Count(h => h.Held.Interval95 is { Low: <= 0, High: >= 0 })} of {held.Count}");
        if (parts.Count(p => p.Sides.Sign is not null) is > 0 and var sided)
            reasons.Add(parts.Count == 1 ? "all gains lie on one side of 1, so that |G−1| says what G says" : $"in {sided} of {parts.Count} all gains lie on one side of 1, so that |G−1| says what G says");
        if (parts.Count(p => p.Sample.Texts < TextBootstrap.FewTexts) is > 0 and var few)
            reasons.Add(parts.Count == 1 ? $"{Figures.Of(parts[0].Sample.Texts, "text")} are few" : $"{few} of {parts.Count} rest on fewer than {TextBootstrap.FewTexts} texts");
        if (bentov.Pairs.Count > 0) reasons.Add("one model gives different slopes where different things are read, see the end");
        reasons.Add("prompts of other kinds and lengths may give other slopes");
        return $"{string.Join("; ", reasons)}.";
    }

    /// <summary>The slope of gain on entropy with the most held fixed but what is nearly entropy itself; null where nothing could be.</summary>
    static (double, AdjustedSlope, IReadOnlyList<string>)? Held(Part part)
    {
        var row = part.Adjustments.LastOrDefault(a => a.Predictor == Adjustment.Entropy && a.Controls.Names.Count > 0 && !a.Controls.Names.Contains(Adjustment.TopProbability));
        return row?.OfGain.Value is { } slope && part.Line is { } line ? (line.Slope, slope, row.Controls.Names) : null;
    }

    static string Range(double[] values, Func<double, string> said) => values.Length == 1 ? said(values[0]) : $"{said(values.Min())} to {said(values.Max())}";

    /// <summary>Slope, intercept and crossing, as sentences.</summary>
    public static IReadOnlyList<string> Lines(Figure<FittedLine> gain, Figure<FittedLine> distance, Proportionality proportionality, Figure<Crossing> crossing)
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
        return [slope, intercept, meets];
    }

    static string Nats(double value) => value.ToString("0.00;−0.00", CultureInfo.InvariantCulture);

    static string Verdict(Proportionality proportionality) => proportionality switch
    {
        Proportionality.Holds => "its interval lies within, so this holds",
        Proportionality.Fails => "its interval lies outside, so this fails",
        _ => "its interval reaches over a bound, so this is undecided",
    };

    static string Equal(double p) => p < 0.0001 ? "< 0.0001" : $"= {SignedFigures.P(p)}";
}
