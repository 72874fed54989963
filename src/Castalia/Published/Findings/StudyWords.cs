using System.Globalization;
using Castalia.Residual;
using Castalia.Statistics;
using Castalia.Wording;
using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published;

/// <summary>How the review of a study spells its numbers.</summary>
static class StudyWords
{
    /// <summary>Three decimals, a minus sign of its own width.</summary>
    public static string Number(double value) => Decimals(value, 3);

    /// <summary>So many decimals.</summary>
    public static string Decimals(double value, int decimals) =>
        (value < 0 ? "−" : "") + Math.Abs(value).ToString($"F{decimals}", CultureInfo.InvariantCulture);

    /// <summary>As many digits as tell float64s apart.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Three decimals from 0.001 on, an exponent below; – where there is none.</summary>
    public static string P(double? p) => p is not { } value ? Figures.Missing
        : value.ToString(value >= 0.001 ? "0.000" : "0.0E+0", CultureInfo.InvariantCulture);

    /// <summary>"0.777 to 0.832".</summary>
    public static string Ends(Interval interval, int decimals = 3) => $"{Decimals(interval.Low, decimals)} to {Decimals(interval.High, decimals)}";

    /// <summary>The same, or –.</summary>
    public static string Ends(Figure<Interval> interval, int decimals = 3) => interval.Value is { } i ? Ends(i, decimals) : Figures.Missing;

    /// <summary>A coefficient, three decimals; or –.</summary>
    public static string Coefficient(Figure<Association> association) => association.Value is { } a ? Number(a.Coefficient) : Figures.Missing;

    /// <summary>"0.26 %".</summary>
    public static string Percent(double share, int decimals = 1) => Decimals(100 * share, decimals) + " %";

    /// <summary>"a, b and c"; "none" for none.</summary>
    public static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length switch { 0 => "none", 1 => all[0], _ => $"{string.Join(", ", all[..^1])} and {all[^1]}" };
    }

    /// <summary>A type's name.</summary>
    public static string Of(NormPrecision? precision) => precision switch
    {
        NormPrecision.BFloat16 => "bfloat16",
        NormPrecision.Float16 => "float16",
        NormPrecision.Float32 => "float32",
        _ => "unknown",
    };

    /// <summary>A status in a word.</summary>
    public static string Of(GainStatus status) => $"{status}".ToLowerInvariant();

    /// <summary>A published statistic's name in words.</summary>
    public static string Statistic(string name) => name switch
    {
        Mean => "mean gain",
        Sd => "sd",
        Min => "lowest gain",
        Max => "highest gain",
        T => "t against 1",
        PLess => "one-sided p",
        GainPearson => "r(G, H)",
        GainPearsonP => "p of r(G, H)",
        GainSpearman => "Spearman's ρ(G, H)",
        GainSpearmanP => "p of Spearman's ρ(G, H)",
        DeviationPearson => "r(|G − 1|, H)",
        DeviationPearsonP => "p of r(|G − 1|, H)",
        Exponent => "exponent",
        ExponentSe => "standard error of the exponent",
        Intercept => "intercept",
        R2 => "R²",
        ExponentP => "p of the exponent",
        _ => throw new InvalidOperationException($"No words for '{name}'."),
    };
}
