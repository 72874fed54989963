using Castalia.Errors;
using Castalia.Hypotheses;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Hypotheses;

public sealed class ClusteredMeasuresTests
{
    /// <summary>Three texts of two positions.</summary>
    const string Rows = "('a', 'p1', 1.0), ('a', 'p1', 3.0), ('a', 'p2', 2.0), ('a', 'p2', 4.0), ('a', 'p3', 6.0), ('a', 'p3', 8.0)";

    /// <summary>Mean 4; the texts' sums of deviations are −4, −2 and 6: CR1 variance 3/2·(16 + 4 + 36)/36 = 7/3, t = 4/√(7/3) with 2 degrees of freedom,
    /// whose two-sided p is 1 − t/√(2 + t²) and whose 97.5 % quantile is 4.302652729911275.</summary>
    [Fact]
    public void The_error_of_a_mean_is_that_of_its_clusters()
    {
        var fields = Test("m: { statistic: mean, from: rows, of: gain, against: 0, clusters: prompt }", "m.n >= 0");
        double se = Math.Sqrt(7 / 3.0), t = 4 / se;
        Is(3, fields["clusters"]);
        Is(4, fields["mean"]);
        Is(t, fields["t"]);
        Is(1 - t / Math.Sqrt(2 + t * t), fields["p"]);
        Is(4 - 4.302652729911275 * se, fields["low"]);
        Is(4 + 4.302652729911275 * se, fields["high"]);
    }

    [Fact]
    public void Of_clusters_of_one_value_it_is_the_t_test()
    {
        double[] values = [1, 3, 2, 4, 6, 9];
        var one = OneSampleT.Of(values, 2).Value!.Value;
        var clustered = OneSampleT.Clustered(values, ["a", "b", "c", "d", "e", "f"], 2).Value!.Value;
        Assert.Equal(one.T, clustered.T, 1e-12);
        Assert.Equal(one.PTwoSided, clustered.PTwoSided, 1e-12);
        Assert.Equal(one.Interval95.Low, clustered.Interval95.Low, 1e-12);
        Assert.NotNull(OneSampleT.Clustered([1, 2, 3], ["a", "a", "a"], 0).UndefinedBecause);
        Assert.NotNull(OneSampleT.Clustered([1, 3, 1, 3], ["a", "a", "b", "b"], 0).UndefinedBecause); // deviations cancel
    }

    /// <summary>Gains above 3.5: of p1 none, of p2 one of two, of p3 both. Of the 27 draws of three texts one has a share of 0 and one of 1, so that 1/27 &gt; 0.025 puts both ends there.</summary>
    [Fact]
    public void A_share_is_drawn_by_clusters()
    {
        var fields = Test("m: { statistic: proportion, from: rows, where: gain > 3.5, clusters: prompt }", "m.share >= 0");
        Is(3, fields["clusters"]);
        Is(0.5, fields["share"]);
        Is(0, fields["low"]);
        Is(1, fields["high"]);
    }

    /// <summary>All six rows agree: Wilson's interval of 3 of 3 texts, 3/(3 + z²), and not of 6 of 6 rows.</summary>
    [Fact]
    public void A_share_of_all_rows_is_one_of_all_clusters()
    {
        const double Z = 1.959963984540054;
        Is(3 / (3 + Z * Z), Test("m: { statistic: proportion, from: rows, where: gain > 0, clusters: prompt }", "m.share >= 0")["low"]);
        Is(6 / (6 + Z * Z), Test("m: { statistic: proportion, from: rows, where: gain > 0 }", "m.share >= 0")["low"]);
    }

    /// <summary>p of the difference and of the correlation are those of the clustered slope.</summary>
    [Fact]
    public void Differences_and_correlations_have_the_p_of_the_clustered_slope()
    {
        const string Mixed = "('a', 'p1', 1.0), ('a', 'p1', 0.5), ('a', 'p2', 2.0), ('a', 'p2', 0.7), ('a', 'p3', 6.0), ('a', 'p3', 0.9), ('a', 'p3', 1.5)";
        var slope = Test("m: { statistic: slope, from: rows, of: gain, on: expands, clusters: prompt }", "m.n >= 0", Mixed);
        var difference = Test("m: { statistic: difference, from: rows, of: gain, on: expands, clusters: prompt }", "m.n >= 0", Mixed);
        foreach (var (of, by) in new[] { ("slope", "difference"), ("low", "low"), ("high", "high"), ("t", "t"), ("p", "p"), ("clusters", "clusters") })
            Is(slope[of].Value!.Value, difference[by]);
        var r = Test("m: { statistic: correlation, from: rows, of: gain, on: expands, method: pearson, clusters: prompt }", "m.n >= 0", Mixed);
        Is(slope["p"].Value!.Value, r["p"]);
        Assert.Null(Test("m: { statistic: correlation, from: rows, of: gain, on: expands, method: spearman, clusters: prompt }", "m.n >= 0", Mixed)["p"].UndefinedBecause);
    }

    [Fact]
    public void Kendall_with_clusters_is_refused_where_it_stands()
    {
        var error = Assert.Throws<InputException>(() => Test("m: { statistic: correlation, from: rows, of: gain, on: expands, method: kendall, clusters: prompt }", "m.n >= 0"));
        Assert.Contains("takes no 'clusters'", error.Message);
    }

    [Theory]
    [InlineData("count", "m.count = 6")]
    [InlineData("proportion", "m.share = 1")]
    public void Counting_positions_without_clusters_is_warned_of(string statistic, string supported)
    {
        var verdict = Verdict(Own($"m: {{ statistic: {statistic}, from: rows, where: gain > 0 }}", supported, Rows));
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        Assert.Contains(verdict.Cautions, c => c.StartsWith("m: 6 rows of 3 prompts count as independent", StringComparison.Ordinal));
        Assert.DoesNotContain(Verdict(Own("m: { statistic: count, from: rows, where: gain > 0 }", "m.count = 2", "('a', 'p1', 1.5), ('a', 'p2', 1.5)")).Cautions, c => c.Contains("independent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void A_verdict_on_fewer_than_20_clusters_says_so(int clusters, bool warned)
    {
        string rows = string.Join(", ", Enumerable.Range(0, clusters * 2).Select(i => FormattableString.Invariant($"('a', 'p{i / 2}', {1.0 + i % 7})")));
        var verdict = Verdict(Own("m: { statistic: proportion, from: rows, where: gain > 0, clusters: prompt }", "m.share = 1", rows));
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        string page = string.Join(' ', TerminalPrinter.Of(HypothesesReport.List([verdict], "runs", new([])), 120).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(warned, page.Contains($"Caution: m rests on {clusters} clusters (prompt), fewer than 20", StringComparison.Ordinal));
    }

    [Fact]
    public void Tests_on_the_same_few_clusters_are_cautioned_in_one_sentence()
    {
        var verdict = Verdict(Own("m: { statistic: proportion, from: rows, where: gain > 0, clusters: prompt }\n  n: { statistic: count, from: rows, where: gain > 0, clusters: prompt }", "m.share = 1", Rows));
        Assert.Equal("m, n rest on 3 clusters (prompt), fewer than 20: their intervals are too narrow and their p too small", Assert.Single(verdict.Cautions));
    }

    static string Own(string test, string supported, string rows) => Yaml(rows, supported: supported, falsified: "models = 0", tests: $"  {test}").Replace(
        "  above: { statistic: proportion, from: rows, where: gain > 1 }\n", "", StringComparison.Ordinal).Replace("{above.count} of {above.n}", "{models}", StringComparison.Ordinal);

    static IReadOnlyDictionary<string, Figure<double>> Test(string test, string supported, string rows = Rows) =>
        Assert.Single(Verdict(Own(test, supported, rows)).Outcomes).Results[0].Result.Fields;

    static void Is(double expected, Figure<double> actual) => Assert.Equal(expected, actual.Value!.Value, 1e-9);
}
