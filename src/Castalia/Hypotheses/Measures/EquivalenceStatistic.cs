using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Whether levels of a factor are the same within a margin.</summary>
static class EquivalenceStatistic
{
    public static Statistic Value { get; } = new("equivalence",
        "Whether `of` is the same within ±`margin` at the levels of `on`, compared within each `block`: two one-sided t tests of the differences (Schuirmann), the later level minus the earlier, with their 90 % interval. Of several levels " +
        "the pair with the largest p, which is that of all. `within`: other crossed factors, averaged over.",
        ["of", "on", "margin", "block"], ["within"], ["n", "levels", "blocks", "difference", "low", "high", "p"], Of)
    {
        OnIsFactor = true,
    };

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (design, n, notes) = BlockRows.ByLevels(test, sample, areNumbers: false);
        if (design.Value is not { } d) return MeasureResult.Undefined(test, n, design.UndefinedBecause!, notes);
        var pair = PairedEquivalence.Of(d, test.Margin);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(n),
            ["levels"] = Figure<double>.Of(d.Factors[0].Levels.Count),
            ["blocks"] = Figure<double>.Of(d.Blocks.Levels.Count),
            ["difference"] = Part.Of(pair, e => e.Difference),
            ["low"] = Part.Of(pair, e => e.Test.Interval90.Low),
            ["high"] = Part.Of(pair, e => e.Test.Interval90.High),
            ["p"] = Part.Of(pair, e => e.Test.P),
        }, pair.Value is { } found ? [.. notes, $"difference: {test.On!.Name} {found.Second} minus {found.First}{(found.Pairs > 1 ? $", the pair of {found.Pairs} with the largest p" : "")}"] : notes);
    }
}
