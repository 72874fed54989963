using Castalia.Machine;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia gains --json</c> prints.</summary>
sealed record GainsDocument(
    string Format, string Software, string Store, string Convention, string StatusRule, string By, HolmCounts HolmOver, IReadOnlyList<string> NotComparableIn,
    IReadOnlyList<SettingsDocument> Runs, IReadOnlyList<GainRowDocument> Rows)
{
    /// <summary>The document.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="by">What makes a row.</param>
    /// <param name="store">Folder of the runs.</param>
    public static GainsDocument Of(IReadOnlyList<GainEstimate> rows, GainGrouping by, string store)
    {
        var models = rows.Select(r => r.Model).Distinct().ToList();
        return new(
            "castalia gains 1", Machine.Software.NameAndVersion, store, Summary.Convention, GainEstimate.StatusRule, by.ToString().ToLowerInvariant(),
            new(rows.Count(r => r.THolm.Value is not null), rows.Count(r => r.WilcoxonHolm.Value is not null)), Comparability.Differences(models),
            [.. models.Select(m => m.Settings).Distinct().Select(SettingsDocument.Of)], [.. rows.Select(GainRowDocument.Of)]);
    }
}

/// <summary>Over how many tests Holm adjusts.</summary>
sealed record HolmCounts(int T, int Wilcoxon);

/// <summary>A row of the table of gains.</summary>
sealed record GainRowDocument(
    string Run, string Model, int Blocks, long Parameters, string Activation, int Prompts, string PromptsSha256, string? WeightsSha256, string Identity, string IdentityBasis,
    string ArithmeticSha256, string? Category, SampleDocument Gain, string Status, ShareDocument Below_1, object T, object Wilcoxon, object Effect)
{
    public static GainRowDocument Of(GainEstimate row)
    {
        var m = ModelDocument.Of(row.Model);
        return new(
            m.Run, m.Model, m.Blocks, m.Parameters, m.Activation, row.Prompts, m.PromptsSha256, m.WeightsSha256, m.Identity, m.IdentityBasis, m.ArithmeticSha256,
            row.Category, SampleDocument.Of(row.Gain, row.Model.Settings.Seed), row.Status.ToString().ToLowerInvariant(),
            new(row.BelowOne, row.Gain.N, StatisticDocuments.Of(row.BelowOneShare, "Wilson", IntervalStatistic.Of)),
            StatisticDocuments.T(row.T, centre: 1, row.THolm), StatisticDocuments.Wilcoxon(row.Wilcoxon, centre: 1, row.WilcoxonHolm),
            StatisticDocuments.Effect(row.Effect, "Cohen's d = (mean − 1)/sd"));
    }
}

/// <summary>A share with its interval.</summary>
sealed record ShareDocument(int K, int N, object Interval95);
