using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>How many rows, or which share of them, a condition holds of.</summary>
static class CountStatistic
{
    public static Statistic Count { get; } = new("count",
        "How many rows `where` holds of, of the n of which that is known; `unknown` is how many it is not known of.",
        ["where"], [], ["n", "count", "unknown"], (test, rows) => new(Counted(test, rows), []));

    public static Statistic Proportion { get; } = new("proportion",
        "The share of the n rows of which `where` is known that it holds of, with Wilson's 95 % interval.",
        ["where"], [], ["n", "count", "unknown", "share", "low", "high"], Of);

    static Dictionary<string, Figure<double>> Counted(Measure test, MeasureRows rows)
    {
        bool?[] hold = rows.Hold(test.Where!.Condition);
        return new()
        {
            ["n"] = Figure<double>.Of(hold.Count(h => h is not null)),
            ["count"] = Figure<double>.Of(hold.Count(h => h == true)),
            ["unknown"] = Figure<double>.Of(hold.Count(h => h is null)),
        };
    }

    static MeasureResult Of(Measure test, MeasureRows rows)
    {
        var fields = Counted(test, rows);
        int n = (int)fields["n"].Value!, count = (int)fields["count"].Value!;
        var interval = Statistics.Proportion.Wilson(count, n);
        fields["share"] = n == 0 ? Figure<double>.Undefined("n = 0: there is nothing to take a share of") : Figure<double>.Of((double)count / n);
        fields["low"] = Part.Of(interval, i => i.Low);
        fields["high"] = Part.Of(interval, i => i.High);
        return new(fields, []);
    }
}
