using Castalia.Errors;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Measures;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Tests.Statistics;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Hypotheses;

/// <summary>Statistics of networks in blocks of seeds, asked for in hypothesis files.</summary>
public sealed class BlockMeasuresTests
{
    /// <summary>Two factors, three rates by two ways of tying, four seeds.</summary>
    static readonly double[] s_rates = [0.001, 0.01, 0.1];

    static readonly double[] s_gains = // [rate × tied × seed]
    [
        0.90, 0.96, 0.92, 0.93, 0.86, 0.84, 0.92, 0.81, 1.02, 1.06, 1.05, 0.96, 0.87, 0.90, 0.97, 0.80, 1.24, 1.22, 1.18, 1.08, 1.13, 1.11, 1.15, 1.03,
    ];

    static readonly string s_rows = string.Join(", ", s_gains.Select((gain, i) => FormattableString.Invariant($"({s_rates[i / 8]}, {(i / 4 % 2 == 1 ? "true" : "false")}, {i % 4}, {gain}, {gain - 0.05}, {gain + 0.05})")));

    [Fact]
    public void Two_factors_have_the_fields_of_their_names()
    {
        var verdict = Verdict(Own("m: { statistic: anova, from: rows, of: gain, factors: [rate, tied], block: seed }", "m.rate_p < 0.001 and m.tied_low > 0 and m.interaction_p > 0.05 and m.blocks = 4", strength: "{m.tied_difference}, p {m.rate_p}, {m.rate_df} and {m.df_residual}"));
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        var table = BlockAnova.Of(BlockDesign.Of(s_gains, [Factor("rate", i => i / 8), Factor("tied", i => i / 4 % 2)], Factor("seed", i => i % 4)).Defined()).Defined();
        var fields = Fields(verdict);
        foreach (var (name, which) in new[] { ("rate", 0), ("tied", 1), ("interaction", 2) })
        {
            Assert.Equal(table.Effects[which].F, fields[$"{name}_f"].Value!.Value, 1e-12);
            Assert.Equal(table.Effects[which].P, fields[$"{name}_p"].Value!.Value, 1e-12);
            Assert.Equal(table.Effects[which].PartialOmegaSquared, fields[$"{name}_omega_squared"].Value!.Value, 1e-12);
        }
        Assert.Equal(table.ResidualSd, fields["sd"].Value!.Value, 1e-12);
        Assert.Matches("^0.094, p [0-9.]+E-[0-9]+, 2 and 15$", verdict.Strength);
        Assert.Equal(["gain: highest at rate = 0.1, 1.143; lowest at rate = 0.001, 0.893", "gain: highest at tied = False, 1.043; lowest at tied = True, 0.949"], verdict.Outcomes[0].Results[0].Result.Notes);
        Assert.Contains("m: anova of gain by rate × tied in blocks by seed from rows", TerminalPrinter.Of(HypothesesReport.AtLength([verdict], "runs", new([])), 200), StringComparison.Ordinal);

        static Grouping Factor(string name, Func<int, int> level) => new(name, [.. Enumerable.Range(0, s_gains.Length).Select(i => $"{level(i)}")]);
    }

    /// <summary>What is averaged over is another factor of the same design.</summary>
    [Fact]
    public void Levels_are_compared_over_what_is_crossed_with_them()
    {
        var tied = Fields(Verdict(Own("m: { statistic: equivalence, from: rows, of: gain, on: tied, margin: 0.03, within: rate, block: seed }", "m.p > 0.05")));
        double[] differences = [.. Enumerable.Range(0, 4).Select(seed => Enumerable.Range(0, 3).Average(rate => s_gains[rate * 8 + 4 + seed] - s_gains[rate * 8 + seed]))];
        var tost = Equivalence.Mean(differences, 0, 0.03).Defined();
        Assert.Equal(tost.P, tied["p"].Value!.Value, 1e-12);
        Assert.Equal(tost.Interval90.Low, tied["low"].Value!.Value, 1e-12);
        var trend = Fields(Verdict(Own("m: { statistic: trend, from: rows, of: gain, on: rate, scale: log, within: [tied], block: seed }", "m.monotone = 1 and m.range >= 0.1")));
        double[] slopes = [.. Enumerable.Range(0, 4).Select(seed => Enumerable.Range(0, 2).Average(tie => s_gains[16 + 4 * tie + seed] - s_gains[4 * tie + seed]) / 2)];
        Assert.Equal(slopes.Average(), trend["slope"].Value!.Value, 1e-12);
        Assert.Equal(OneSampleT.Of(slopes, 0).Defined().PTwoSided, trend["p"].Value!.Value, 1e-9);
    }

    [Fact]
    public void A_crossing_has_a_level_and_an_interval_that_few_seeds_make_too_narrow()
    {
        var verdict = Verdict(Own("m: { statistic: crossing, from: rows, of: gain, on: rate, at: 1, scale: log, within: tied, block: seed }", "m.level > 0.01 and m.low > 0.001 and m.high < 0.1 and m.passages = 1"));
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        double middle = s_gains[8..16].Average(), end = s_gains[16..].Average();
        Assert.Equal(-2 + (1 - middle) / (end - middle), Math.Log10(Fields(verdict)["level"].Value!.Value), 1e-12);
        Assert.Equal("4 blocks (seed) drawn again, fewer than 20: the interval is too narrow", Assert.Single(verdict.Outcomes[0].Results[0].Result.Notes));
        Assert.Equal(VerdictKind.Supported, Verdict(Own("m: { statistic: transition-width, from: rows, of: gain, on: rate, within: tied, scale: log, block: seed }", "m.width > 1 and m.low > 1 and m.high < 2")).Kind);
    }

    [Theory]
    [InlineData("seed-spread, of: gain, error: rate, low: low, high: high, against: 1", "m.below = 10 and m.above = 8 and m.ratio > 1 and m.sd_high > m.sd")]
    [InlineData("dip, of: gain", "m.n = 24 and m.dip > 0.02 and m.p > 0.05")]
    [InlineData("binder, of: gain", "m.cumulant < 0.67 and m.gaussian < 0.67 and m.low < m.beyond and m.beyond < m.high")]
    [InlineData("anova, of: mean, factors: rate, block: seed", "m.p < 0.001 and m.omega_squared < m.eta_squared and m.difference < m.high")]
    public void Every_field_can_be_asked_for(string test, string supported)
    {
        string from = test.Contains("of: mean") ? "means" : "rows", statistic = test.Split(',')[0];
        var verdict = Verdict(Own($"m: {{ statistic: {statistic}, from: {from},{test[(statistic.Length + 1)..]} }}", supported));
        var outcome = Assert.Single(verdict.Outcomes);
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        Assert.Equal(outcome.Test.Fields.Order(), outcome.Results[0].Result.Fields.Keys.Order());
        Assert.All(outcome.Results[0].Result.Fields, field => Assert.True(field.Value.Value is not null, $"{field.Key}: {field.Value.UndefinedBecause}"));
    }

    [Fact]
    public void An_incomplete_design_leaves_the_verdict_open_and_says_what_is_missing()
    {
        var verdict = Verdict(Own("m: { statistic: anova, from: rows, of: gain, factors: [rate, tied], block: seed }", "m.tied_p < 0.01").Replace("FROM (VALUES", "FROM (SELECT * FROM (VALUES", StringComparison.Ordinal)
            .Replace("t(rate, tied, seed, gain, low, high)", "t(rate, tied, seed, gain, low, high) WHERE NOT (tied AND seed = 2 AND rate > 0.05)) t", StringComparison.Ordinal));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("rate = 0.1, tied = True has no value for seed 2: the design is incomplete, 23 of 24", verdict.Why, StringComparison.Ordinal);
    }

    const string Written = "m: { statistic: crossing, from: rows, of: gain, on: rate, at: 1, scale: log, within: tied, block: seed }";

    [Theory]
    [InlineData("scale: log", "scale: log2", "'scale' is 'log2'.")]
    [InlineData("at: 1", "at: one", "'at' is 'one'; a number was expected.")]
    [InlineData(", block: seed", "", "The statistic 'crossing' needs 'block'.")]
    [InlineData("block: seed", "block: seed, margin: 1", "The statistic 'crossing' has no 'margin'.")]
    [InlineData("block: seed", "blocks: seed", "'blocks' is no key of 'm'.")]
    [InlineData("block: seed", "block: sead", "'sead' names nothing here.")]
    [InlineData("on: rate", "on: model", "The column 'model' is a text; a number was expected.")]
    [InlineData("crossing, from: rows, of: gain, on: rate, at: 1, scale: log, within: tied", "equivalence, from: rows, of: gain, on: tied, margin: 0", "'margin' is '0'; a number above 0 was expected.")]
    [InlineData("crossing, from: rows, of: gain, on: rate, at: 1, scale: log, within: tied", "anova, from: rows, of: gain, factors: [rate, tied, low]", "There are 3 factors; one or two are analysed together.")]
    [InlineData("crossing, from: rows, of: gain, on: rate, at: 1, scale: log, within: tied", "anova, from: rows, of: gain, factors: [rate, tied]", "'m.level' names nothing here.")]
    public void What_is_no_such_test_is_refused_where_it_stands(string text, string instead, string cause)
    {
        Assert.Contains(text, Written);
        var e = Assert.Throws<InputException>(() => Verdict(Own(Written.Replace(text, instead, StringComparison.Ordinal), cause.Contains("'m.level'") || instead.StartsWith("block", StringComparison.Ordinal) ? "m.level > 0" : "m.n > 0")));
        Assert.Equal(cause, e.Cause);
        Assert.Matches("^own.yaml, line [0-9]+, column [0-9]+$", e.Place);
    }

    /// <summary>Every statistic has a row of the document's table with its keys and fields.</summary>
    [Fact]
    public void The_document_has_a_row_for_each()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Shared.Repository, "docs", "hypotheses.md"));
        foreach (var statistic in Statistic.All)
        {
            string row = Assert.Single(lines, line => line.StartsWith($"| `{statistic.Name}` |", StringComparison.Ordinal));
            Assert.All(statistic.Required.Concat(statistic.Optional), key => Assert.Contains($"`{key}", row, StringComparison.Ordinal));
            if (!row.Contains("| the same", StringComparison.Ordinal)) Assert.Contains($"`{string.Join(' ', statistic.Fields.Where(field => field != "t" || row.Contains(" t ", StringComparison.Ordinal)))}`", row, StringComparison.Ordinal);
        }
    }

    static IReadOnlyDictionary<string, Figure<double>> Fields(Verdict verdict) => Assert.Single(verdict.Outcomes).Results[0].Result.Fields;

    static string Own(string test, string supported, string strength = "{m.n}") => $$"""
        id: own-1
        title: Rates move gains
        claim: They do.
        mechanism: None.
        prediction: All do.
        sources: [nowhere]
        requires: { models: 1 }
        evidence:
          rows: |
            SELECT 'r' AS run, 'a' AS model, rate::DOUBLE AS rate, tied, seed, gain::DOUBLE AS gain, low::DOUBLE AS low, high::DOUBLE AS high
            FROM (VALUES {{s_rows}}) t(rate, tied, seed, gain, low, high)
          means: |
            SELECT 'r' AS run, 'a' AS model, rate::DOUBLE AS rate, seed, avg(gain)::DOUBLE AS mean
            FROM (VALUES {{s_rows}}) t(rate, tied, seed, gain, low, high) GROUP BY ALL
        tests:
          {{test}}
        supported: {{supported}}
        falsified: m.n = 0
        strength: "{{strength}}"
        """;
}
