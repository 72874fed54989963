using Castalia.Errors;
using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Twins;
using Xunit;
using static Castalia.Tests.Hypotheses.OverTwins.WrittenOverTwins;

namespace Castalia.Tests.Hypotheses.OverTwins;

/// <summary>Rules over twins decide by the networks of the studies that they name, beside the verdict over models.</summary>
public sealed class TwinVerdictTests
{
    [Theory]
    [InlineData("apart.difference >= 0.05", "apart.difference < 0.02", "Supported", "Its rule of support holds: apart.difference >= 0.05.")]
    [InlineData("apart.difference >= 0.5", "apart.difference < 0.2", "Falsified", "Its rule of falsification holds: apart.difference < 0.2.")]
    [InlineData("apart.difference >= 0.5", "apart.difference < 0.02", "Undecided", "Neither rule holds.")]
    [InlineData("apart.difference >= 0.05", "apart.difference < 0.2", "Undecided", "Its rules of support and of falsification both hold: they contradict one another.")]
    public void Trained_networks_decide_as_the_rules_say(string supported, string falsified, string kind, string why)
    {
        var table = Golden("tiny-wiring");
        var verdict = Of(Yaml(supported: supported, falsified: falsified), table, Golden("tiny-rate"));
        Assert.Equal((kind, why), ($"{verdict.Kind}", verdict.Why));
        double[] means = [.. table.Cells.Select(cell => cell.Average(network => network.Real("gain")!.Value))];
        var fields = verdict.Outcomes[0].Results[0].Result.Fields;
        Assert.Equal(means[0] - means[1], fields["difference"].Value!.Value, 1e-12);
        Assert.Equal(6, fields["n"].Value);
        Assert.Contains(" over 6, p = 0.", verdict.Strength, StringComparison.Ordinal);
        Assert.Equal("Over tiny-wiring: 6 networks, 3 seeds in each of 2 cells, 9,664 parameters and 1,920 tokens each.", verdict.Scale);
    }

    /// <summary>Queries over twins and over runs are bound side by side; what is told does not depend on which is done first.</summary>
    [Fact]
    public void Of_two_hypotheses_that_cannot_be_bound_the_first_is_told()
    {
        var twins = WrittenHypothesis.Read(WrittenOverTwins.Yaml(sql: "SELECT of_twins FROM twins"));
        var runs = WrittenHypothesis.Read(WrittenHypothesis.Yaml("(of_runs, 'p', 1)"));
        Assert.Contains("of_twins", Told([twins, runs]), StringComparison.Ordinal);
        Assert.Contains("of_runs", Told([runs, twins]), StringComparison.Ordinal);
        Assert.Contains("of_runs", Told([runs with { Twins = twins.Twins }]), StringComparison.Ordinal);

        static string Told(Hypothesis[] hypotheses)
        {
            using var folder = new TemporaryFolder();
            using var store = Castalia.Store.RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
            var error = Assert.Throws<InputException>(() => Binding.Check(hypotheses, new StoredEvidence(store), TestContext.Current.CancellationToken));
            return $"{error.Message} {error.Place}";
        }
    }

    [Fact]
    public void Every_column_of_the_view_has_its_type()
    {
        using var database = new TwinDatabase(TestContext.Current.CancellationToken);
        var rate = Golden("tiny-rate");
        var table = database.Query([rate], "all", "SELECT * FROM twins ORDER BY seed, learning_rate", TestContext.Current.CancellationToken);
        Assert.Equal(TwinColumn.All.Select(column => (column.Name, column.Type)), table.Columns.Select(column => (column.Name, column.Type)));
        Assert.Equal((6, 1e-3, 1e-2), (table.Rows.Count, table.Rows[0][table.IndexOf("learning_rate")], table.Rows[1][table.IndexOf("learning_rate")]));
        Assert.Equal((1.0, false, "none"), (table.Rows[0][table.IndexOf("seed")], table.Rows[0][table.IndexOf("tied")], database.Query([rate], "word", "SELECT DISTINCT CASE clip WHEN '1' THEN 'none' END AS word FROM twins", TestContext.Current.CancellationToken).Rows[0][0]));
    }

    [Fact]
    public void A_study_that_is_not_there_is_named_by_the_command_that_makes_it()
    {
        var verdict = Of(Yaml(study: "[tiny-wiring, tiny-rate]"), Golden("tiny-wiring"));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Equal(["castalia twins tiny-rate --out DIR"], verdict.Missing);
        Assert.Contains(verdict.Missing[0], verdict.Why, StringComparison.Ordinal);
        Assert.Null(verdict.Strength);
    }

    [Fact]
    public void A_query_sees_the_studies_that_it_names_in_their_order_whatever_was_asked_before()
    {
        using var database = new TwinDatabase(TestContext.Current.CancellationToken);
        TwinTable wiring = Golden("tiny-wiring"), rate = Golden("tiny-rate");
        foreach (var studies in new TwinTable[][] { [wiring], [rate, wiring], [], [wiring, rate], [rate] })
        {
            Assert.Equal(studies.SelectMany(study => study.Networks.Select(_ => study.Plan)), Texts("SELECT plan FROM twins"));
            Assert.Equal(["twins"], Texts("SHOW TABLES"));

            IEnumerable<string> Texts(string sql) => database.Query(studies, "q", sql, TestContext.Current.CancellationToken).Rows.Select(row => (string)row[0]!);
        }
    }

    [Fact]
    public void A_users_own_study_stands_in_place_of_the_shipped_one()
    {
        using var folder = new TemporaryFolder();
        Golden("tiny-wiring").Write(folder.Path);
        var tables = TwinTables.With([folder.Path]);
        Assert.Equal(["tiny-wiring"], tables.Own);
        Assert.Equal(Golden("tiny-wiring").Text(), tables.Tables["tiny-wiring"].Text());
        Assert.Equal(["tiny-wiring"], TwinEvaluation.Of(WrittenHypothesis.Read(Yaml()), tables, TestContext.Current.CancellationToken)!.Own);
    }

    [Theory]
    [InlineData("apart.difference >= 0.05", "apart.difference < 0.02", "Supported")]
    [InlineData("apart.difference >= 5", "apart.difference < 0.02", "Undecided")]
    public void A_measurement_is_no_longer_waited_for_when_twins_support(string supported, string falsified, string expected)
    {
        string yaml = WrittenHypothesis.Yaml("('m', 'p', 1.2)", more: "needs: [{ measurement: twins, for: supported, met: twins.supported = 1 }]\n" +
            Yaml(supported: supported, falsified: falsified)[Yaml().IndexOf("twins:", StringComparison.Ordinal)..]);
        var hypothesis = WrittenHypothesis.Read(yaml);
        using var runs = new MadeUpRuns([]);
        var verdict = HypothesisEvaluation.Of(hypothesis, new OfStudies(runs, Tables(Golden("tiny-wiring"))), TestContext.Current.CancellationToken);
        Assert.Equal(expected, $"{verdict.Kind}");
        Assert.Equal(expected == "Supported" ? [] : ["twins"], verdict.Missing);
        Assert.True(verdict.SupportHolds);
    }

    [Fact]
    public void Without_rules_over_models_that_verdict_stays_undecided_and_says_so()
    {
        using var runs = new MadeUpRuns([]);
        var verdict = HypothesisEvaluation.Of(WrittenHypothesis.Read(Yaml()), new OfStudies(runs, Tables(Golden("tiny-wiring"))), TestContext.Current.CancellationToken);
        Assert.Equal((VerdictKind.Undecided, VerdictKind.Supported), (verdict.Kind, verdict.Twins!.Kind));
        string[] pages = [.. new[] { HypothesesReport.List([verdict], "runs", new([verdict.Twins])), HypothesesReport.AtLength([verdict], "runs", new([verdict.Twins])) }
            .Select(page => string.Join(' ', TerminalPrinter.Of(page, 100).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("It has no rule over models; what twins say stands beside it.", pages[0], StringComparison.Ordinal);
        Assert.Contains("Over twins: supported. ", pages[0], StringComparison.Ordinal);
        Assert.Contains("Over twins: 1 supported (own-1); 2 rules over twins of 1 hypothesis, 0 p-values that a rule of support turns on.", pages[0], StringComparison.Ordinal);
        Assert.Contains("limits It is small.", pages[1], StringComparison.Ordinal);
        Assert.Contains("Evidence rows: 6 rows", pages[1], StringComparison.Ordinal);
        var document = TwinVerdictDocument.Of(verdict.Twins, new([verdict.Twins]), withEvidence: true)!;
        Assert.Equal(("supported", true, 6), (document.Verdict, document.Supported!.Holds, document.Evidence![0].Rows.Count));
        Assert.Equal([new("tiny-wiring", 6, false)], document.Studies);
    }

    /// <summary>Holm: the smallest p times how many there are, the next times one fewer, never less than the one before.</summary>
    [Fact]
    public void P_values_that_decide_are_adjusted_over_all_hypotheses()
    {
        string Rule(string id, string sql) => Yaml(sql: sql, supported: "apart.p < 0.01").Replace("own-1", id, StringComparison.Ordinal);
        var one = Of(Rule("a", "SELECT seed, wiring = 'sequential' AS is_sequential, gain FROM twins"), Golden("tiny-wiring"));
        var other = Of(Rule("b", "SELECT seed, wiring = 'sequential' AS is_sequential, loss AS gain FROM twins"), Golden("tiny-wiring"));
        var third = Of(Yaml(), Golden("tiny-wiring"));
        var multiplicity = new TwinMultiplicity([one, other, third]);
        double[] p = [.. new[] { one, other }.Select(v => v.Outcomes[0].Results[0].Result.Fields["p"].Value!.Value)];
        Assert.True(p[1] < p[0]);
        Assert.Equal(2 * p[1], multiplicity.Adjusted(other)["apart.p"].Value!.Value, 1e-15);
        Assert.Equal(Math.Max(p[0], 2 * p[1]), multiplicity.Adjusted(one)["apart.p"].Value!.Value, 1e-15);
        Assert.Empty(multiplicity.Adjusted(third));
        Assert.Equal("6 rules over twins of 3 hypotheses, 2 p-values that a rule of support turns on", multiplicity.InWords);
        Assert.StartsWith("By Holm over all 2 p-values of 3 hypotheses: apart.p ", multiplicity.Sentence(one), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_said_with_its_place()
    {
        (string Yaml, string Cause, string Place)[] cases =
        [
            (Yaml(limits: ""), "'twins' has no 'limits'.", "own.yaml, line 8, column 3"),
            (Yaml(limits: "limits: It is small.\n  over: models"), "'over' is no key of 'twins'.", "own.yaml, line 17, column 3"),
            (Yaml(supported: "models >= 2"), "'models' names nothing here.", "own.yaml, line 13, column 14"),
            (Yaml(supported: "twins.supported = 1"), "'twins.supported' names nothing here.", "own.yaml, line 13, column 14"),
            (Yaml(sql: "SELECT seed, wiring = 'sequential' AS is_sequential, gains AS gain FROM twins"), "The query 'rows' does not fit the views", "own.yaml, line 10"),
            (Yaml(sql: "SELECT seed, wiring AS is_sequential, gain FROM twins"), "The column 'is_sequential' is a text; true or false was expected.", "own.yaml, line 12"),
            (Yaml(sql: "SELECT run, gain FROM gains"), "The query 'rows' does not fit the views", "own.yaml, line 10"),
        ];
        foreach (var (yaml, cause, place) in cases)
        {
            var thrown = Assert.Throws<InputException>(() => Of(yaml));
            Assert.StartsWith(cause, thrown.Cause, StringComparison.Ordinal);
            Assert.StartsWith(place, thrown.Place, StringComparison.Ordinal);
        }
    }

    /// <summary>Runs, with other studies.</summary>
    sealed class OfStudies(IEvidenceSource runs, TwinTables twins) : IEvidenceSource
    {
        public string Name => runs.Name;

        public TwinTables Twins => twins;

        public EvidenceModel Model(string run, string model) => runs.Model(run, model);

        public IReadOnlyList<Castalia.Hypotheses.Each.FoundRun> Find(Castalia.Hypotheses.Each.RunNeed need) => runs.Find(need);

        public IReadOnlyDictionary<string, object?> Description(string identity) => runs.Description(identity);

        public EvidenceTable Query(string name, string sql, CancellationToken cancellation) => runs.Query(name, sql, cancellation);
    }
}
