using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Trend over numeric levels.</summary>
static class TrendStatistic
{
    public static Statistic Value { get; } = new("trend",
        "How `of` goes with the levels of `on`, within each `block`: the mean of the blocks' slopes (a decade of `on` with `scale: log`) with t interval and p, blocks − 1; Page's L of the order with its two-sided p; whether the level means rise " +
        "or fall at every step (`monotone` 1); the highest level mean minus the lowest with Tukey's 95 % interval. `within`: other crossed factors, averaged over.",
        ["of", "on", "block"], ["scale", "within"], ["n", "levels", "blocks", "slope", "low", "high", "t", "p", "page", "page_p", "monotone", "range", "range_low", "range_high"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (design, n, notes) = BlockRows.ByLevels(test, sample, areNumbers: true);
        var found = design.Then(d => BlockTrend.Of(d, test.Scale));
        if (found.Value is not { } trend) return MeasureResult.Undefined(test, n, found.UndefinedBecause!, notes);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(n),
            ["levels"] = Figure<double>.Of(trend.Levels),
            ["blocks"] = Figure<double>.Of(trend.Blocks),
            ["slope"] = Figure<double>.Of(trend.Slope),
            ["low"] = Part.Of(trend.Test, t => t.Interval95.Low),
            ["high"] = Part.Of(trend.Test, t => t.Interval95.High),
            ["t"] = Part.Of(trend.Test, t => t.T),
            ["p"] = Part.Of(trend.Test, t => t.PTwoSided),
            ["page"] = Part.Of(trend.Page, page => page.L),
            ["page_p"] = Part.Of(trend.Page, page => page.PTwoSided),
            ["monotone"] = Figure<double>.Of(trend.IsMonotone ? 1 : 0),
            ["range"] = Part.Of(trend.Range, r => r.Difference),
            ["range_low"] = Part.Of(trend.Range, r => r.Interval95.Low),
            ["range_high"] = Part.Of(trend.Range, r => r.Interval95.High),
        }, trend.Range.Value is { } range ? [.. notes, AnovaStatistic.Ends(test, design.Value!.Value.Factors[0], range)] : notes);
    }
}
