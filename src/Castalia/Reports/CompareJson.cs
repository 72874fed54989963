using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Machine;
using Castalia.Runs;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>What <c>castalia compare --json</c> prints.</summary>
public static class CompareJson
{
    /// <summary>The document.</summary>
    public static JsonObject Of(Comparison c, string store) => new()
    {
        ["format"] = "castalia compare 1",
        ["software"] = Software.NameAndVersion,
        ["store"] = store,
        ["difference"] = "first − second, prompt by prompt",
        ["convention"] = "last block, last token, float32 stream, norms in float64",
        ["first"] = StatisticJson.Model(c.First),
        ["second"] = StatisticJson.Model(c.Second),
        ["one_model"] = c.AreOneModel,
        ["measured_twice"] = c.AreRepeats,
        ["runs"] = StatisticJson.Array(new[] { c.First.Settings, c.Second.Settings }.Distinct(), StatisticJson.Settings),
        ["measured_differently"] = StatisticJson.Texts(c.Differently),
        ["prompts"] = new JsonObject
        {
            ["matched_by"] = "name and text, or ids where there is no text",
            ["pairs"] = c.Pairs.Pairs.Count,
            ["left_out_with_same_ids"] = StatisticJson.Texts(c.Pairs.FedAlike),
            ["only_first"] = StatisticJson.Texts(c.Pairs.OnlyFirst),
            ["only_second"] = StatisticJson.Texts(c.Pairs.OnlySecond),
            ["same_name_other_content"] = StatisticJson.Texts(c.Pairs.OtherContent),
            ["with_same_end_and_other_beginning"] = c.Pairs.OtherBeginning,
            ["texts_of_other_length"] = c.Pairs.OtherLength,
            ["with_same_ids"] = c.Pairs.SameIds,
        },
        ["margin"] = c.Margin,
        ["figures"] = StatisticJson.Array(c.Estimates, e => Figure(e, c)),
        ["differences"] = StatisticJson.Array(c.Pairs.Pairs, p =>
        {
            var json = new JsonObject { ["prompt"] = p.First.Name };
            foreach (var measure in PairedMeasure.All) json[measure.Key] = measure.Of(p.First) - measure.Of(p.Second);
            return json;
        }),
    };

    static JsonObject Figure(PairedEstimate e, Comparison c) => new()
    {
        ["figure"] = e.Measure.Key,
        ["unit"] = e.Measure.Unit,
        ["n"] = e.Difference.N,
        ["left_out"] = e.LeftOut,
        ["mean_first"] = e.MeanFirst.Value,
        ["mean_second"] = e.MeanSecond.Value,
        ["difference"] = StatisticJson.Sample(e.Difference, c.Seed),
        ["t"] = StatisticJson.T(e.T, centre: 0, e.THolm),
        ["wilcoxon"] = StatisticJson.Wilcoxon(e.Wilcoxon, centre: 0, e.WilcoxonHolm),
        ["sign_test"] = StatisticJson.Sign(e.Sign, e.SignHolm),
        ["effect"] = StatisticJson.Effect(e.Effect, "d_z = mean of the differences / their sd"),
        ["equivalence"] = e.Equivalence is { } test ? StatisticJson.Equivalence(test) : null,
    };
}
