using System.Text.Json.Nodes;
using Castalia.Statistics;
using Castalia.Tests.Analyses;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Verbs;

[Collection(nameof(MeasuredRuns))]
public sealed class BentovVerbTests(MeasuredRuns runs)
{
    [Fact]
    public void Its_figures_are_those_of_the_readings()
    {
        var json = Json("bentov", runs.Prompts);
        var b = json["prompts"]!.AsArray().Single()!;
        var (gains, entropies) = Readings(runs.Prompts, "position_rule = 'last'");
        Assert.Equal(24, gains.Length);
        Assert.Equal(24, (int)b["gain_entropy"]!["pearson"]!["n"]!);
        Assert.Equal(Pearson.Of(gains, entropies).Value!.Value, (double)b["gain_entropy"]!["pearson"]!["value"]!, 1e-12);
        Assert.Equal(Pearson.Of([.. gains.Select(g => Math.Abs(g - 1))], entropies).Value!.Value, (double)b["distance_entropy"]!["pearson"]!["value"]!, 1e-12);
        Assert.Equal(gains.Count(g => g < 1), (int)b["sides"]!["below_1"]!);
        Assert.Equal(gains.Count(g => g > 1), (int)b["sides"]!["above_1"]!);
        Assert.Equal(1, (int)json["seed"]!);
        Assert.Equal(["plain", "odd", "long"], b["within_category"]!.AsArray().Select(c => (string?)c!["category"]));
    }

    [Fact]
    public void Every_position_but_the_first_is_read_with_intervals_by_text()
    {
        var b = Json("bentov", runs.Texts, "--positions")["positions"]!.AsArray().Single()!;
        var (gains, entropies) = Readings(runs.Texts, "position_rule = 'position' AND position > 0");
        Assert.Equal(gains.Length, (int)b["gain_entropy"]!["pearson"]!["n"]!);
        Assert.Equal(6, (int)b["gain_entropy"]!["pearson"]!["texts"]!);
        Assert.Equal(Pearson.Of(gains, entropies).Value!.Value, (double)b["gain_entropy"]!["pearson"]!["value"]!, 1e-12);
        Assert.Equal(gains.Length, b["bins"]!.AsArray().Sum(bin => (int)bin!["n"]!));
        Assert.Equal(9, b["bins"]!.AsArray().Count);
        Assert.Equal("log position", (string?)b["adjusted"]![1]!["held_fixed"]![0]);
    }

    [Fact]
    public void Runs_of_the_same_weights_end_in_a_comparison()
    {
        var (code, output, error) = Castalia("bentov", runs.Prompts, runs.Texts, "--positions");
        Assert.True(code == 0, error);
        string words = Words(output);
        Assert.Contains("The same weights in several runs", words);
        Assert.Contains("What cannot be concluded: the samples differ in texts", words);
        Assert.Contains("With 6 texts such intervals are too narrow", words);
        Assert.Contains($"No positions but the last were recorded in {runs.Prompts}", words);
        var pairs = Json("bentov", runs.Prompts, runs.Texts, "--positions")["same_weights_in_different_runs"]!.AsArray();
        Assert.Equal(2, pairs.Count);
        Assert.All(pairs, p => Assert.Equal((double)p!["first"]!["r"]! - (double)p["second"]!["r"]!, (double)p["difference_of_r"]!["value"]!, 1e-12));
    }

    [Fact]
    public void Without_the_option_a_run_that_has_positions_says_so() =>
        Assert.Contains($"Every position was recorded in {runs.Texts}: --positions reads them all", Words(Castalia("bentov", runs.Texts).Output));

    [Fact]
    public void Without_a_run_it_reads_all_and_holm_is_over_them()
    {
        var prompts = Json("bentov")["prompts"]!.AsArray();
        Assert.Equal(5, prompts.Count);
        // one run has a single prompt, whose correlation is undefined
        Assert.Equal(4, (int)prompts[0]!["gain_entropy"]!["holm_over"]!);
    }

    [Fact]
    public void One_prompt_prints_dashes_with_the_reason_and_no_nan()
    {
        var (code, output, error) = Castalia("bentov", runs.One);
        Assert.True(code == 0, error);
        Assert.Contains("–", output);
        Assert.Contains("undefined, because", output);
        Assert.DoesNotContain("NaN", output);
        Assert.DoesNotContain("NaN", Castalia("bentov", runs.One, "--json").Output);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void Its_pages_fit_the_terminal(int columns)
    {
        string output = InTerminal(columns, "bentov", runs.Prompts, runs.Texts, "--positions");
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= Math.Clamp(columns, 80, 120), line));
        Assert.Equal(columns > 80, output.Contains(" β ", StringComparison.Ordinal)); // room for one column more
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void The_same_seed_prints_the_same_bytes_and_another_does_not()
    {
        string first = Castalia("bentov", runs.Texts, "--positions", "--json").Output;
        Assert.Equal(first, Castalia("bentov", runs.Texts, "--positions", "--json").Output);
        Assert.NotEqual(first, Castalia("bentov", runs.Texts, "--positions", "--json", "--seed", "2").Output);
    }

    [Fact]
    public void A_run_that_is_not_there_is_bad_input()
    {
        var (code, output, error) = Castalia("bentov", "no-such-run");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("no-such-run", error);
        Assert.Contains("  to do: ", error);
    }

    (int Code, string Output, string Error) Castalia(params string[] args) => CommandLineTests.Castalia([.. args, "--runs", runs.Runs]);

    string InTerminal(int columns, params string[] args) => WideTerminal.Castalia(columns, [.. args, "--runs", runs.Runs]);

    JsonObject Json(params string[] args)
    {
        var (code, output, error) = Castalia([.. args, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!.AsObject();
    }

    /// <summary>Gain and entropy of the last block, read from the run's own file.</summary>
    (double[] Gains, double[] Entropies) Readings(string run, string rows)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT gain, entropy FROM '{Path.Combine(runs.Runs, run, "readings.parquet")}' WHERE layer = n_layers - 1 AND {rows} ORDER BY prompt_index, position";
        using var reader = command.ExecuteReader();
        List<double> gains = [], entropies = [];
        while (reader.Read())
        {
            gains.Add(reader.GetDouble(0));
            entropies.Add(reader.GetDouble(1));
        }
        return ([.. gains], [.. entropies]);
    }

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
