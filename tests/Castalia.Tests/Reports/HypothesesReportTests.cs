using Castalia.Hypotheses;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Reports;

public sealed class HypothesesReportTests
{
    const string Rows = "('a', 'p1', 1.5), ('a', 'p2', 1.5), ('b', 'p1', 1.5), ('b', 'p2', 1.25), ('b', 'p3', 2.0)";

    static readonly string s_yaml = Yaml(Rows, tests: "  mean: { statistic: mean, from: rows, of: gain, against: 1, per: model, holm: no }");

    [Fact]
    public void A_list_reads_as_committed() => Snapshots.Snapshot("hypotheses-list.txt", TerminalPrinter.Of(HypothesesReport.List([Verdict(s_yaml)], "5 rows", new([])), 60));

    [Fact]
    public void A_verdict_with_what_it_rests_on_reads_as_committed() =>
        Snapshots.Snapshot("hypotheses-one.txt", TerminalPrinter.Of(HypothesesReport.AtLength([Verdict(s_yaml)], "5 rows", new([])), 80));

    [Fact]
    public void A_claim_reads_as_committed() => Snapshots.Snapshot("hypotheses-claim.txt", TerminalPrinter.Of(HypothesesReport.Claims([Read(s_yaml)]), 80));

    [Fact]
    public void Where_columns_mean_nothing_an_entry_is_headed_by_its_words() =>
        Assert.Contains("\n## own-1, supported: Gains lie above 1\n", MarkdownPrinter.Of(HypothesesReport.List([Verdict(s_yaml)], "5 rows", new([]))));
}
