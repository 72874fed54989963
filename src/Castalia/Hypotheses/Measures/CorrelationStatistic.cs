using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Correlation of two columns, plain and with others held fixed.</summary>
static class CorrelationStatistic
{
    static readonly string[] Fields = ["n", "coefficient", "low", "high", "p"];

    public static Statistic Value { get; } = new("correlation",
        "Correlation of `of` and `on` by `method`: pearson (p by t, interval by Fisher's z), spearman (Bonett and Wright) or kendall (τ-b).",
        ["of", "on", "method"], [], Fields, Of)
    {
        Methods = ["pearson", "spearman", "kendall"],
    };

    public static Statistic Partial { get; } = new("partial-correlation",
        "Correlation of what `given` leaves of `of` and `on` by least squares; `method` pearson or spearman (of ranks).",
        ["of", "on", "given", "method"], [], Fields, OfResiduals)
    {
        Methods = ["pearson", "spearman"],
    };

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete([test.Of!, test.On!]);
        double[] x = rows.Numbers(test.On!), y = rows.Numbers(test.Of!);
        return Result(rows.Count, notes, test.Method switch
        {
            "pearson" => Correlation.Pearson(x, y),
            "spearman" => Correlation.Spearman(x, y),
            _ => Correlation.Kendall(x, y),
        });
    }

    static MeasureResult OfResiduals(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete([test.Of!, test.On!, .. test.Given]);
        double[] x = rows.Numbers(test.On!), y = rows.Numbers(test.Of!);
        IReadOnlyList<double>[] given = [.. test.Given.Select(rows.Numbers)];
        return Result(rows.Count, notes, test.Method == "pearson" ? PartialCorrelation.Of(x, y, given) : PartialCorrelation.OfRanks(x, y, given));
    }

    static MeasureResult Result(int n, IReadOnlyList<string> notes, Figure<Association> figure) => new(new Dictionary<string, Figure<double>>
    {
        ["n"] = Figure<double>.Of(n),
        ["coefficient"] = Part.Of(figure, a => a.Coefficient),
        ["low"] = Part.Of(figure, a => a.Interval95, i => i.Low),
        ["high"] = Part.Of(figure, a => a.Interval95, i => i.High),
        ["p"] = Part.Of(figure, a => a.P),
    }, notes);
}
