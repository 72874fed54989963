using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Where the means of numeric levels pass a height, and over how many levels they change.</summary>
static class CrossingStatistic
{
    /// <summary>Seed of the resamples, as of every bootstrap of tests.</summary>
    const long Seed = 1;

    public static Statistic Value { get; } = new("crossing",
        "The level of `on` at which the mean of `of` passes `at`, by straight lines between neighbouring levels, of `on` or with `scale: log` of its logarithm; 95 % percentiles over blocks drawn again (10,000 resamples, seed 1). `passages`: " +
        "how often the means pass it, of which the middle one is given. Undefined where they do not end on the other side than they begin, or not in more than one resample of twenty. `within`: other crossed factors, averaged over.",
        ["of", "on", "at", "block"], ["scale", "within"], ["n", "levels", "blocks", "level", "low", "high", "passages", "first", "last"], Of);

    public static Statistic Width { get; } = new("transition-width",
        "How far apart the levels of `on` are, in decades with `scale: log`, at which the mean of `of` has gone 10 % and 90 % of its way from the lowest level to the highest; interval as `crossing`. Undefined where the way goes in the other " +
        "direction in more than one resample of twenty. `within`: other crossed factors, averaged over.",
        ["of", "on", "block"], ["scale", "within"], ["n", "levels", "blocks", "width", "low", "high"], OfWidth);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (design, n, notes) = BlockRows.ByLevels(test, sample, areNumbers: true);
        var found = design.Then(d => LevelCurve.Crossing(d, test.At, test.Scale, Seed));
        if (found.Value is not { } crossing) return MeasureResult.Undefined(test, n, found.UndefinedBecause!, notes);
        return new(new Dictionary<string, Figure<double>>(Sizes(n, design.Value!.Value))
        {
            ["level"] = Part.Of(crossing.At, a => a.Value),
            ["low"] = Part.Of(crossing.At, a => a.Interval95.Low),
            ["high"] = Part.Of(crossing.At, a => a.Interval95.High),
            ["passages"] = Figure<double>.Of(crossing.Passages),
            ["first"] = Figure<double>.Of(crossing.First),
            ["last"] = Figure<double>.Of(crossing.Last),
        }, crossing.At.Value is null ? notes : [.. notes, .. BlockRows.FewBlocks(design.Value!.Value)]);
    }

    static MeasureResult OfWidth(Measure test, MeasureRows sample)
    {
        var (design, n, notes) = BlockRows.ByLevels(test, sample, areNumbers: true);
        var found = design.Then(d => LevelCurve.Width(d, test.Scale, Seed));
        if (found.Value is not { } width) return MeasureResult.Undefined(test, n, found.UndefinedBecause!, notes);
        return new(new Dictionary<string, Figure<double>>(Sizes(n, design.Value!.Value))
        {
            ["width"] = Figure<double>.Of(width.Value),
            ["low"] = Figure<double>.Of(width.Interval95.Low),
            ["high"] = Figure<double>.Of(width.Interval95.High),
        }, [.. notes, .. BlockRows.FewBlocks(design.Value!.Value)]);
    }

    static Dictionary<string, Figure<double>> Sizes(int n, BlockDesign design) => new()
    {
        ["n"] = Figure<double>.Of(n),
        ["levels"] = Figure<double>.Of(design.Factors[0].Levels.Count),
        ["blocks"] = Figure<double>.Of(design.Blocks.Levels.Count),
    };
}
