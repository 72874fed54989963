using Castalia.Analyses;
using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Correlation of two columns, plain and with others held fixed.</summary>
static class CorrelationStatistic
{
    static readonly string[] Fields = ["n", "coefficient", "low", "high", "p"];

    public static Statistic Value { get; } = new("correlation",
        "Correlation of `of` and `on` by `method`: pearson (p by t, interval by Fisher's z), spearman (Bonett and Wright) or kendall (τ-b). " +
        "With `clusters`, which kendall does not take, the interval is of percentiles over clusters drawn again (10,000 resamples, seed 1) and p that of the slope, of ranks " +
        "for spearman, by errors robust to clusters (CR1).",
        ["of", "on", "method"], ["clusters"], Fields, Of)
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
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] x = rows.Numbers(test.On!), y = rows.Numbers(test.Of!);
        if (test.Clusters is { } by) return Clustered(test, rows, by, x, y, notes);
        return Result(rows.Count, notes, test.Method switch
        {
            "pearson" => Correlation.Pearson(x, y),
            "spearman" => Correlation.Spearman(x, y),
            _ => Correlation.Kendall(x, y),
        });
    }

    static MeasureResult Clustered(Measure test, MeasureRows rows, Column by, double[] x, double[] y, IReadOnlyList<string> notes)
    {
        bool ranked = test.Method == "spearman";
        var whole = ranked ? Correlation.Spearman(x, y) : Correlation.Pearson(x, y);
        MidRanks ofX = new(x), ofY = new(y);
        var interval = whole.Then(_ => Part.OverClusters(rows.Clusters(by), drawn =>
        {
            if (!ranked) return PlainLine.Correlation(x, y, drawn);
            double[] first = ofX.Of(drawn), second = ofY.Of(drawn);
            return PlainLine.Correlation(first, second, Enumerable.Range(0, first.Length).ToArray());
        }));
        var slope = whole.Then(_ => Regression.Clustered([ranked ? Ranks.Of(x) : x], ranked ? Ranks.Of(y) : y, rows.Labels(by), [test.On!.Name]));
        return new(new Dictionary<string, Figure<double>>(Part.Clusters(test, rows))
        {
            ["n"] = Figure<double>.Of(rows.Count),
            ["coefficient"] = Part.Of(whole, a => a.Coefficient),
            ["low"] = Part.Of(interval, i => i.Low),
            ["high"] = Part.Of(interval, i => i.High),
            ["p"] = Part.Of(slope, f => f.Coefficients[1].P),
        }, notes);
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
