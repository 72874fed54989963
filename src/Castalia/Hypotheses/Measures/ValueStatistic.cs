using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>A figure that a query has computed by itself.</summary>
static class ValueStatistic
{
    public static Statistic Value { get; } = new("value", "The value of `of` in the one row that has one; it has no interval.", ["of"], [], ["n", "value"], (test, sample) =>
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] values = rows.Numbers(test.Of!);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(values.Length),
            ["value"] = values is [var only] ? Figure<double>.Of(only) : Figure<double>.Undefined($"there are {values.Length} rows with a value, not one"),
        }, notes);
    });
}
