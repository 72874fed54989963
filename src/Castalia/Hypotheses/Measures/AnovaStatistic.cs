using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Hypotheses.Measures;

/// <summary>Analysis of variance of one or two crossed factors in blocks.</summary>
static class AnovaStatistic
{
    static readonly string[] s_shared = ["n", "blocks", "sd", "df_residual"], s_ofEffect = ["ss", "df", "f", "p", "eta_squared", "omega_squared"], s_ofFactor = [.. s_ofEffect, "difference", "low", "high"];

    public static Statistic Value { get; } = new("anova",
        "Analysis of variance of `of` by one or two crossed `factors` (categories), every combination once in each `block`: F against what cells and blocks leave, partial η² and ω², the residual sd; of each factor the highest " +
        "level mean minus the lowest with Tukey's 95 % interval. Of two factors the fields begin with the factor's name, `interaction_` are the interaction's. Undefined for an incomplete or unbalanced design.",
        ["of", "factors", "block"], [], [.. s_shared, .. s_ofFactor], Of)
    {
        FieldsOf = test => test.Factors is [var first, var second] ? [.. s_shared, .. Named(first.Name, s_ofFactor), .. Named(second.Name, s_ofFactor), .. Named("interaction", s_ofEffect)] : [.. s_shared, .. s_ofFactor],
    };

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (design, n, notes) = BlockRows.ByFactors(test, sample);
        if (design.Value is not { } d) return MeasureResult.Undefined(test, n, design.UndefinedBecause!, notes);
        var table = BlockAnova.Of(d);
        Figure<LevelRange>[] ranges = [.. d.Factors.Select((_, f) => LevelRange.Of(d, f))];
        var fields = new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(n),
            ["blocks"] = Figure<double>.Of(d.Blocks.Levels.Count),
            ["sd"] = Part.Of(table, t => t.ResidualSd),
            ["df_residual"] = Part.Of(table, t => t.ResidualDf),
        };
        for (int f = 0; f < d.Factors.Count; f++)
        {
            string prefix = d.Factors.Count == 1 ? "" : $"{d.Factors[f].Name}_";
            Effect(prefix, f);
            var range = ranges[f];
            fields[$"{prefix}difference"] = Part.Of(range, r => r.Difference);
            fields[$"{prefix}low"] = Part.Of(range, r => r.Interval95.Low);
            fields[$"{prefix}high"] = Part.Of(range, r => r.Interval95.High);
        }
        if (d.Factors.Count == 2) Effect("interaction_", 2);
        return new(fields, [.. notes, .. d.Factors.Zip(ranges, (factor, range) => range.Value is { } r ? Ends(test, factor, r) : null).OfType<string>()]);

        void Effect(string prefix, int which)
        {
            fields[$"{prefix}ss"] = Part.Of(table, t => t.Effects[which].SumOfSquares);
            fields[$"{prefix}df"] = Part.Of(table, t => t.Effects[which].Df);
            fields[$"{prefix}f"] = Part.Of(table, t => t.Effects[which].F);
            fields[$"{prefix}p"] = Part.Of(table, t => t.Effects[which].P);
            fields[$"{prefix}eta_squared"] = Part.Of(table, t => t.Effects[which].PartialEtaSquared);
            fields[$"{prefix}omega_squared"] = Part.Of(table, t => t.Effects[which].PartialOmegaSquared);
        }
    }

    /// <summary>"gain: highest at tied = False, 1.302; lowest at tied = True, 1.214".</summary>
    public static string Ends(Measure test, Factor factor, LevelRange range) =>
        $"{test.Of!.Name}: highest at {factor.Name} = {factor.Levels[range.Highest]}, {TestFigures.Signed(range.Means[range.Highest])}; " +
        $"lowest at {factor.Name} = {factor.Levels[range.Lowest]}, {TestFigures.Signed(range.Means[range.Lowest])}";

    static IEnumerable<string> Named(string name, IEnumerable<string> fields) => fields.Select(field => $"{name}_{field}");
}
