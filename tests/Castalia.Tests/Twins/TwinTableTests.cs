using Castalia.Errors;
using Castalia.Statistics;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>networks.csv is written and read as one thing, and holds what was trained.</summary>
public sealed class TwinTableTests
{
    static readonly string[] s_kinds = ["settled", "open", "long_range"];

    static string Golden(string name) => File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "twins", name));

    static TwinPlan Plan(string text) => TwinPlanReader.Of(new("p.yaml", text, TwinPlanReader.Format));

    [Theory]
    [InlineData("tiny-wiring")]
    [InlineData("tiny-rate")]
    public void What_is_read_is_written_again_to_the_byte(string study)
    {
        var table = TwinTable.Parse(Golden($"{study}.csv"), study);
        Assert.Equal(Golden($"{study}.csv"), table.Text());
        Assert.Equal((study, 6, 2), (table.Plan, table.Networks.Count, table.Cells.Count));
        var plan = Plan(Golden($"{study}.yaml"));
        Assert.Equal(plan.Twins.Select(twin => (twin.Cell.Name, $"{twin.Seed}")), table.Networks.Select(network => (network.Cell, network.Seed)));
        foreach (var (twin, network) in plan.Twins.Zip(table.Networks))
            Assert.All(Factors.All, factor => Assert.Equal(TwinColumn.Field(factor.Of(twin)), network.Fields[TwinColumn.All.Index().Single(column => column.Item.Name == factor.Name).Index]));
    }

    /// <summary>The same row on this machine as on the one that wrote the file.</summary>
    [Fact]
    public void A_network_that_is_trained_again_has_the_same_row()
    {
        using var folder = new TemporaryFolder();
        string plan = Golden("tiny-wiring.yaml").Replace("[sequential, parallel]", "[parallel]", StringComparison.Ordinal).Replace("seeds: 3", "seeds: [2]", StringComparison.Ordinal);
        var run = Verbs.InProcess.Run(["twins", folder.Write("p.yaml", plan), "--out", folder.Path, "--threads", "1"]);
        Assert.True(run.Code == 0, run.Error);
        string[] expected = [.. Golden("tiny-wiring.csv").Split('\n').Where(line => line.StartsWith("plan,", StringComparison.Ordinal) || line.Contains("wiring=parallel,2,", StringComparison.Ordinal)), ""];
        Assert.Equal(expected, File.ReadAllText(Path.Combine(folder.Path, "networks.csv")).Split('\n'));
    }

    /// <summary>Parts of the last block's gain² − 1 add up to it in every prompt, so their means do to the mean of gain² − 1.</summary>
    [Fact]
    public void Readings_of_a_row_fit_each_other() => Assert.All(TwinTable.Parse(Golden("tiny-rate.csv"), "").Networks, network =>
    {
        double square = Math.Pow(network.Real("gain")!.Value, 2) + Math.Pow(network.Real("gain_sd")!.Value, 2) * 119 / 120;
        Assert.Equal(square - 1, network.Real("attribution_attn")!.Value + network.Real("attribution_mlp")!.Value, 1e-6);
        double[] kinds = [.. s_kinds.Select(kind => network.Real($"gain_{kind}")!.Value)];
        Assert.Equal(network.Real("gain")!.Value, kinds.Average(), 1e-7);
        Assert.InRange(network.Real("gain")!.Value, network.Real("gain_low")!.Value, network.Real("gain_high")!.Value);
        Assert.Equal(Math.Sign(network.Real("r_true")!.Value), Math.Sign(network.Real("slope_true")!.Value));
        Assert.Equal(20 * 4 * 24, network.TrainedTokens);
    });

    /// <summary>A factor's column says what the plan says, in one form.</summary>
    [Theory]
    [MemberData(nameof(TwinPlanTests.EveryFactor), MemberType = typeof(TwinPlanTests))]
    public void Every_factor_is_read_back_from_the_network(string factor, string value)
    {
        string more = factor == "key_value_heads" ? ", family: llama, heads: 8" : "";
        string field = TwinColumn.Field(Factors.Of(factor).Of(Plan($"base: {{ {factor}: {value}{more} }}\n").Twins[0]))!;
        if (double.TryParse(value, out double number)) Assert.Equal(number, double.Parse(field, System.Globalization.CultureInfo.InvariantCulture));
        else Assert.Equal(value, field);
        Assert.True(TwinColumn.All.Single(column => column.Name == factor).Fits(field));
    }

    [Fact]
    public void One_network_is_written_in_one_form_whatever_the_plan_writes()
    {
        string Fields(string plan) => string.Join(',', Factors.All.Select(factor => TwinColumn.Field(factor.Of(Plan(plan).Twins[0]))));
        Assert.Equal(Fields("base: { learning_rate: 3e-3, key_value_heads: 4, inner_width: 512, positions: 0.25, decay: 1e-1 }\n"), Fields("seeds: 1\n"));
    }

    [Fact]
    public void A_table_of_something_else_is_refused_with_its_line()
    {
        string good = Golden("tiny-wiring.csv");
        (string Text, string Cause, string Place)[] cases =
        [
            ("a,b\n1,2\n", "The first line does not name the columns of a study's networks.", "f"),
            ("", "The first line does not name the columns of a study's networks.", "f"),
            (good[..(good.IndexOf('\n', StringComparison.Ordinal) + 1)], "The study has no networks.", "f"),
            (good.Replace(",9664,", ",many,", StringComparison.Ordinal), "'parameters' is 'many', no BIGINT.", "f, line 2"),
            (good.Replace(",9664,", ",,", StringComparison.Ordinal), "'parameters' is '', no BIGINT.", "f, line 2"),
            (good.Replace(",96,0.6,1,", ",,0.6,1,", StringComparison.Ordinal), "'vocabulary' is '', no BIGINT.", "f, line 2"),
            (good.Replace(",1,9664,", ",,9664,", StringComparison.Ordinal), "'data_seed' is '', no HUGEINT.", "f, line 2"),
            (good.Replace("0.404", "nan", StringComparison.Ordinal).Replace(",0.403967205,", ",NaN,", StringComparison.Ordinal), "'gain_sd' is 'NaN', no DOUBLE.", "f, line 2"),
            (good + "one,two\n", "There are 2 fields in place of 70.", "f, line 8"),
            (good.Replace("tiny-wiring,wiring=parallel", "other,wiring=parallel", StringComparison.Ordinal), "Networks of two plans stand together: 'tiny-wiring' and 'other'.", "f"),
        ];
        foreach (var (text, cause, place) in cases)
        {
            var thrown = Assert.Throws<InputException>(() => TwinTable.Parse(text, "f"));
            Assert.Equal((cause, place), (thrown.Cause, thrown.Place));
        }
        Assert.Equal("There are no networks of a study.", Assert.Throws<InputException>(() => TwinTable.Read("nowhere")).Cause);
    }

    /// <summary>Of networks on a corpus.</summary>
    [Fact]
    public void Factors_of_the_language_may_be_empty_and_are_null_in_queries()
    {
        string text = Golden("tiny-wiring.csv").Replace(",96,0.6,1,", ",96,,,", StringComparison.Ordinal);
        var table = TwinTable.Parse(text, "f");
        Assert.Equal(text, table.Text());
        using var database = new Castalia.Hypotheses.OverTwins.TwinDatabase(TestContext.Current.CancellationToken);
        var found = database.Query([table], "q", "SELECT count(*) AS n, count(settled) AS s, count(language_seed) AS l, count(vocabulary) AS v FROM twins", TestContext.Current.CancellationToken);
        Assert.Equal("6 0 0 6", string.Join(' ', found.Rows[0].Select(value => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void The_document_has_the_columns()
    {
        string path = Path.Combine(Shared.Repository, "docs", "twins.md"), document = File.ReadAllText(path), table = TwinColumn.Documentation();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            int from = document.IndexOf("| column | type |", StringComparison.Ordinal), to = document.IndexOf("\n\n", from, StringComparison.Ordinal) + 1;
            File.WriteAllText(path, document[..from] + table + document[to..]);
            Assert.Fail("docs/twins.md was written: look at it.");
        }
        Assert.Contains(table, document, StringComparison.Ordinal);
    }
}
