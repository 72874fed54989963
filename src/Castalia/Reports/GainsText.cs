using System.Globalization;
using System.Text;
using Castalia.Analyses;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia gains</c> prints for people.</summary>
public static class GainsText
{
    /// <summary>The rule by which a status is given.</summary>
    public const string StatusRule =
        "expansion: the 95 % BCa interval of the mean lies above 1; dampening: it lies below 1; neutral: it contains 1 (not shown to differ from 1, nor to be equal to it)";

    const string Convention =
        "Gain of the last block at the last token: ‖h_L‖/‖h_{L−1}‖ (reference point block), float32 stream, norms in float64. n: prompts with a gain; sd with n−1; " +
        "95 % BCa bootstrap interval of the mean over prompts. With 25 prompts such an interval holds the mean of normal data in 93 of 100 samples, " +
        "of skewed data in 88 to 92 (docs/statistics.md): near 1, read a status with that in mind.";

    static readonly string[] Measured = ["", "blocks", "params", "n", "mean ± sd", "median", "95 % BCa", "status"];
    static readonly string[] Tested = ["", "below 1", "95 % share", "t: p", "Holm", "Wilc.: p", "Holm", "d", "g"];

    /// <summary>The page, lines ended by LF.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="store">Folder of the runs.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<GainEstimate> rows, string store, int width)
    {
        var models = rows.Select(r => r.Model).Distinct().ToList();
        var legend = new RunLegend(models);
        var text = new StringBuilder($"Runs in {store}\n").Append(legend.Of(width)).Append(legend.Warning(width)).Append('\n');
        text.Append(Wrapped.Of(Convention, width)).Append(Wrapped.Of($"Status: {StatusRule}. It is not adjusted for the number of rows.", width)).Append('\n');
        text.Append(TextTable.Of(Measured, [.. rows.Select(row => MeasuredCells(Label(row), row))], width)).Append('\n');
        text.Append(Wrapped.Of(
            "Against 1: prompts below 1 and Wilson's 95 % interval of their share; two-sided p of Student's t and of Wilcoxon's signed ranks; Holm: adjusted over all rows that " +
            $"have that test, {rows.Count(r => r.T.Value is not null)} for t and {rows.Count(r => r.Wilcoxon.Value is not null)} for Wilcoxon; " +
            "d: Cohen's (mean−1)/sd; g: Hedges' correction of it for small n.", width)).Append('\n');
        text.Append(TextTable.Of(Tested, [.. rows.Select(row => TestedCells(Label(row), row))], width));
        text.Append(TestFigures.Reasons(rows.SelectMany(Undefined), width));
        int left = rows.Sum(r => r.Prompts - r.Gain.N);
        if (left > 0) text.Append(Wrapped.Of($"{Figures.Of(left, "reading")} left out: the gain is undefined where a norm is 0.", width));
        return text.ToString();

        string Label(GainEstimate row) => legend.Label(row.Model) + (row.Category is { } category ? $": {category}"
            : rows.Any(r => r.Model == row.Model && r.Category is not null) ? ": no category" : "");

        IEnumerable<(string, string, string?)> Undefined(GainEstimate row) =>
        [
            (Label(row), "sd", row.Gain.Sd.UndefinedBecause),
            (Label(row), "interval", row.Gain.Interval95.UndefinedBecause),
            (Label(row), "t", row.T.UndefinedBecause),
            (Label(row), "Wilcoxon", row.Wilcoxon.UndefinedBecause),
            (Label(row), "d", row.Effect.UndefinedBecause),
            (Label(row), "g", row.Effect.Value?.HedgesG.UndefinedBecause ?? row.Effect.UndefinedBecause),
            (Label(row), "share", row.BelowOneShare.UndefinedBecause),
        ];
    }

    static string[] MeasuredCells(string label, GainEstimate row) =>
    [
        label, Figures.Count(row.Model.Blocks), Size(row.Model.Parameters), Figures.Count(row.Gain.N), Figures.MeanAndSd(row.Gain),
        row.Gain.Median.Value is { } median ? Figures.Real(median) : Figures.Missing, Figures.Interval(row.Gain.Interval95),
        row.Status == GainStatus.Undefined ? Figures.Missing : row.Status.ToString().ToLowerInvariant(),
    ];

    static string[] TestedCells(string label, GainEstimate row) =>
    [
        label, row.Gain.N == 0 ? Figures.Missing : FormattableString.Invariant($"{row.BelowOne} of {row.Gain.N}"), Share(row.BelowOneShare),
        TestFigures.P(row.T.Value?.PTwoSided), TestFigures.P(row.THolm.Value), TestFigures.P(row.Wilcoxon.Value?.PTwoSided), TestFigures.P(row.WilcoxonHolm.Value),
        TestFigures.Signed(row.Effect.Value?.CohenD), TestFigures.Signed(row.Effect.Value?.HedgesG.Value),
    ];

    static string Share(Figure<Interval> share) => share.Value is { } i
        ? string.Create(CultureInfo.InvariantCulture, $"{i.Low:0.00}–{i.High:0.00}")
        : Figures.Missing;

    /// <summary>"134.5M": four digits of a count of parameters.</summary>
    static string Size(long parameters)
    {
        var (unit, letter) = parameters switch { >= 1_000_000_000 => (1e9, "B"), >= 1_000_000 => (1e6, "M"), >= 10_000 => (1e3, "k"), _ => (1.0, "") };
        double size = parameters / unit;
        return size.ToString(letter == "" ? "0" : size < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + letter;
    }
}
