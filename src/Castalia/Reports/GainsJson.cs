using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Machine;
using Castalia.Runs;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>What <c>castalia gains --json</c> prints.</summary>
public static class GainsJson
{
    /// <summary>The document.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="by">What makes a row.</param>
    /// <param name="store">Folder of the runs.</param>
    public static JsonObject Of(IReadOnlyList<GainEstimate> rows, GainGrouping by, string store)
    {
        var models = rows.Select(r => r.Model).Distinct().ToList();
        return new()
        {
            ["format"] = "castalia gains 1",
            ["software"] = Software.NameAndVersion,
            ["store"] = store,
            ["convention"] = Summary.Convention,
            ["status_rule"] = GainsText.StatusRule,
            ["by"] = by.ToString().ToLowerInvariant(),
            ["holm_over"] = new JsonObject
            {
                ["t"] = rows.Count(r => r.THolm.Value is not null),
                ["wilcoxon"] = rows.Count(r => r.WilcoxonHolm.Value is not null),
            },
            ["not_comparable_in"] = StatisticJson.Texts(Comparability.Differences(models)),
            ["runs"] = StatisticJson.Array(models.Select(m => m.Settings).Distinct(), StatisticJson.Settings),
            ["rows"] = StatisticJson.Array(rows, Row),
        };
    }

    static JsonObject Row(GainEstimate row)
    {
        var json = StatisticJson.Model(row.Model);
        json["category"] = row.Category;
        json["prompts"] = row.Prompts;
        json["gain"] = StatisticJson.Sample(row.Gain, row.Model.Settings.Seed);
        json["status"] = row.Status.ToString().ToLowerInvariant();
        json["below_1"] = new JsonObject
        {
            ["k"] = row.BelowOne,
            ["n"] = row.Gain.N,
            ["interval95"] = StatisticJson.Of(row.BelowOneShare, "Wilson", StatisticJson.Ends),
        };
        json["t"] = StatisticJson.T(row.T, centre: 1, row.THolm);
        json["wilcoxon"] = StatisticJson.Wilcoxon(row.Wilcoxon, centre: 1, row.WilcoxonHolm);
        json["effect"] = StatisticJson.Effect(row.Effect, "Cohen's d = (mean − 1)/sd");
        return json;
    }
}
