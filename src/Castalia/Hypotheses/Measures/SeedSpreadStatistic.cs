using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>How far seeds differ, beside how well each is known.</summary>
static class SeedSpreadStatistic
{
    public static Statistic Value { get; } = new("seed-spread",
        "Of rows that are a seed each: the standard deviation of `of` between seeds (n − 1) with its χ² interval, the standard error within a seed (root mean square of `error`), their `ratio`, and how many seeds have the whole of their interval, " +
        "`low` to `high`, below or above `against`.",
        ["of", "error", "low", "high", "against"], [], ["n", "mean", "sd", "sd_low", "sd_high", "within", "ratio", "below", "above", "below_share", "above_share"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] low = rows.Numbers(test.Low!), high = rows.Numbers(test.High!);
        var found = SeedSpread.Of(rows.Numbers(test.Of!), rows.Numbers(test.Error!), [.. low.Zip(high, (l, h) => new Interval(l, h))], test.Against);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(rows.Count),
            ["mean"] = Part.Of(found, s => s.Mean),
            ["sd"] = Part.Of(found, s => s.Sd),
            ["sd_low"] = Part.Of(found, s => s.SdInterval95.Low),
            ["sd_high"] = Part.Of(found, s => s.SdInterval95.High),
            ["within"] = Part.Of(found, s => s.WithinSe),
            ["ratio"] = found.Then(s => s.Ratio),
            ["below"] = Part.Of(found, s => s.Below),
            ["above"] = Part.Of(found, s => s.Above),
            ["below_share"] = Part.Of(found, s => (double)s.Below / s.Seeds),
            ["above_share"] = Part.Of(found, s => (double)s.Above / s.Seeds),
        }, notes);
    }
}
