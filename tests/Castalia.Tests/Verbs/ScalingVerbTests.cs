using System.Text.Json.Nodes;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Verbs;

[Collection(nameof(MeasuredRuns))]
public sealed class ScalingVerbTests(MeasuredRuns runs)
{
    [Fact]
    public void Three_sizes_are_fitted_and_mixed_families_are_named()
    {
        var (code, output, error) = Castalia("scaling", runs.Prompts, runs.Other, runs.Third);
        Assert.True(code == 0, error);
        Assert.Contains("2 families are mixed", Words(output));
        Assert.DoesNotContain("NaN", output);
        var json = JsonNode.Parse(Castalia("scaling", runs.Prompts, runs.Other, runs.Third, "--json").Output)!;
        var models = json["models"]!.AsArray();
        Assert.Equal(3, models.Count);
        Assert.Equal(models.Select(m => (long)m!["parameters"]!).Order(), models.Select(m => (long)m!["parameters"]!));
        Assert.Equal(3, (int)json["fits"]!["residual_gain"]!["n"]!);
        Assert.All(models, m => Assert.Equal((int)m!["n_layers"]!, m["blocks"]!.AsArray().Count));
    }

    [Fact]
    public void Its_block_figures_are_the_means_over_prompts_of_the_summary()
    {
        var model = JsonNode.Parse(Castalia("scaling", runs.Other, "--json").Output)!["models"]!.AsArray().Single()!;
        var prompts = JsonNode.Parse(File.ReadAllText(Path.Combine(runs.Runs, runs.Other, "summary.json")))!["models"]![0]!["prompts"]!.AsArray();
        double mlp = prompts.Average(p => (double)p!["figures"]!["blocks"]!.AsArray()[^1]!["submodule_gain_mlp"]!);
        Assert.Equal(mlp, (double)model["last_mlp_gain"]!, 1e-12);
        int layers = prompts[0]!["figures"]!["blocks"]!.AsArray().Count;
        int contracting = Enumerable.Range(0, layers).Count(l => prompts.Average(p => (double)p!["figures"]!["blocks"]![l]!["submodule_gain_attn"]!) < 1);
        Assert.Equal(contracting / (double)layers, (double)model["attention_contracts"]!, 1e-12);
    }

    [Fact]
    public void A_family_is_chosen_by_type_or_name_and_too_few_sizes_have_no_fit()
    {
        var (code, output, error) = Castalia("scaling", runs.Prompts, runs.Other, runs.Third, "--family", "gpt_neox");
        Assert.True(code == 0, error);
        Assert.Contains("2 sizes are too few, a fit needs 3", Words(output));
        Assert.DoesNotContain("families are mixed", Words(output));
    }

    [Fact]
    public void A_family_that_is_not_there_is_bad_input_and_lists_what_is()
    {
        var (code, output, error) = Castalia("scaling", runs.Prompts, runs.Other, "--family", "mamba");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("No model of these runs is of family 'mamba'", error);
        Assert.Contains("gpt_neox", error);
    }

    [Fact]
    public void A_model_in_several_runs_is_not_fitted_twice() =>
        Assert.Contains("stands in 3 runs and would count 3 times; name the runs to fit", Words(Castalia("scaling").Output));

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void Its_pages_fit_the_terminal(int columns)
    {
        string output = WideTerminal.Castalia(columns, ["scaling", "--runs", runs.Runs]);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= Math.Clamp(columns, 80, 120), line));
    }

    (int Code, string Output, string Error) Castalia(params string[] args) => CommandLineTests.Castalia([.. args, "--runs", runs.Runs]);

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
