using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Tests.Twins;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Hypotheses.OverTwins;

/// <summary>Small hypotheses with rules over twins, and studies of which nothing but the plan is real.</summary>
static class WrittenOverTwins
{
    /// <summary>That the mean gain of one level of the wiring is higher by some.</summary>
    public static string Yaml(
        string study = "tiny-wiring", string sql = "SELECT seed, wiring = 'sequential' AS is_sequential, gain FROM twins ORDER BY seed, wiring",
        string supported = "apart.difference >= 0.05", string falsified = "apart.difference < 0.02", string limits = "limits: It is small.", string more = "") => $$"""
        id: own-1
        title: Sequential blocks have larger gains
        claim: They do.
        mechanism: None.
        prediction: It is seen.
        sources: [nowhere]
        twins:
          study: {{study}}
          evidence:
            rows: {{sql}}
          tests:
            apart: { statistic: difference, from: rows, of: gain, on: is_sequential }
          supported: {{supported}}
          falsified: {{falsified}}
          strength: "{apart.difference} over {networks}, p = {apart.p}"
          {{limits}}
        {{more}}
        """;

    /// <summary>A study's table on disk.</summary>
    public static TwinTable Golden(string study) => TwinTable.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "twins", $"{study}.csv")), study);

    /// <summary>Some studies and no others.</summary>
    public static TwinTables Tables(params TwinTable[] tables) => new(tables.ToDictionary(table => table.Plan), []);

    /// <summary>A verdict on a text.</summary>
    public static TwinVerdict Of(string yaml, params TwinTable[] tables) => Of(WrittenHypothesis.Read(yaml), tables);

    /// <summary>A verdict on a hypothesis.</summary>
    public static TwinVerdict Of(Hypothesis hypothesis, params TwinTable[] tables)
    {
        using var none = new MadeUpRuns([]);
        Binding.Check([hypothesis with { Requires = null, Evidence = [], Tests = [], Each = null }], none, TestContext.Current.CancellationToken);
        return TwinEvaluation.Of(hypothesis, Tables(tables), TestContext.Current.CancellationToken)!;
    }

    /// <summary>The networks of a plan that ships, with made-up readings.</summary>
    public static TwinTable Made(string study, Func<Twin, IReadOnlyDictionary<string, double>> readings) => MadeUpStudy.Of(ShippedStudy.Of(study)!.Plan, readings);

    /// <summary>The same where only the gain matters.</summary>
    public static TwinTable Gains(string study, Func<Twin, double> gain) => Made(study, twin => new Dictionary<string, double> { ["gain"] = gain(twin) });
}
