using Castalia.Analyses;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class ScalingTests
{
    /// <summary>The published fit of eight Pythia sizes (thermodynamic study, scaling_law_multi_pythia_results.json): α = 0.265, se 0.0788, R² 0.653, p = 0.0152.</summary>
    static readonly (string Model, long Parameters, double LastMlpGain)[] Published =
    [
        ("pythia-70m", 70426624, 1.4961128889324515), ("pythia-160m", 162322944, 2.824326222335742), ("pythia-410m", 405334016, 1.779249307610584),
        ("pythia-1b", 1011781632, 3.719352964845835), ("pythia-1.4b", 1414647808, 3.5206754973999654), ("pythia-2.8b", 2775208960, 2.100075294565454),
        ("pythia-6.9b", 6857302016, 6.295790931251437), ("pythia-12b", 11846072320, 7.714583158856591),
    ];

    [Fact]
    public void The_published_exponent_its_error_and_p_come_out_and_its_leave_one_out_range_is_said()
    {
        var fit = PowerLaw.Of([.. Published.Select(m => (m.Model, m.Parameters, Figure<double>.Of(m.LastMlpGain)))]).Value!.Value;
        Assert.Equal(8, fit.N);
        Assert.Equal(0.26500476896304215, fit.Alpha, 1e-9);
        Assert.Equal(0.07884574800568511, fit.AlphaSe, 1e-9);
        Assert.Equal(-1.8906036936519606, fit.Beta, 1e-8);
        Assert.Equal(0.6531126188430292, fit.R2, 1e-9);
        Assert.Equal(0.015209792158816016, fit.P, 1e-9);
        double[] without = [.. Published.Select(left => Slope([.. Published.Where(m => m != left)]))];
        Assert.Equal(without.Min(), fit.LeaveOneOut.Value!.Value.Low, 1e-9);
        Assert.Equal(without.Max(), fit.LeaveOneOut.Value!.Value.High, 1e-9);
    }

    static double Slope((string, long Parameters, double Gain)[] models)
    {
        double[] x = [.. models.Select(m => Math.Log10(m.Parameters))], y = [.. models.Select(m => Math.Log10(m.Gain))];
        return x.Zip(y, (a, b) => (a - x.Average()) * (b - y.Average())).Sum() / x.Sum(a => (a - x.Average()) * (a - x.Average()));
    }

    [Fact]
    public void An_exact_power_law_is_recovered()
    {
        var fit = PowerLaw.Of([("a", 10, Figure<double>.Of(2 * 10.0)), ("b", 100, Figure<double>.Of(2 * 100.0)), ("c", 10000, Figure<double>.Of(2 * 10000.0))]).Value!.Value;
        Assert.Equal(1, fit.Alpha, 1e-12);
        Assert.Equal(Math.Log10(2), fit.Beta, 1e-12);
    }

    [Fact]
    public void Two_sizes_are_no_fit_and_equal_sizes_are_one() => Assert.Equal(
        "2 sizes are too few, a fit needs 3",
        PowerLaw.Of([("a", 10, Figure<double>.Of(1)), ("b", 10, Figure<double>.Of(2)), ("c", 20, Figure<double>.Of(3))]).UndefinedBecause);

    [Fact]
    public void A_share_of_0_has_no_logarithm() => Assert.Equal(
        "b has 0, which has no logarithm",
        PowerLaw.Of([("a", 10, Figure<double>.Of(1)), ("b", 20, Figure<double>.Of(0)), ("c", 30, Figure<double>.Of(3))]).UndefinedBecause);

    [Fact]
    public void A_share_that_is_the_same_at_every_size_has_no_exponent_to_test() => Assert.Equal(
        "every size has the same value",
        PowerLaw.Of([("a", 10, Figure<double>.Of(1)), ("b", 20, Figure<double>.Of(1)), ("c", 30, Figure<double>.Of(1))]).UndefinedBecause);

    [Fact]
    public void A_model_measured_twice_is_not_two_sizes() => Assert.Equal(
        "b stands in 2 runs and would count 2 times; name the runs to fit",
        PowerLaw.Of([("a", 10, Figure<double>.Of(1)), ("b", 20, Figure<double>.Of(2)), ("b", 20, Figure<double>.Of(2)), ("c", 30, Figure<double>.Of(3))]).UndefinedBecause);

    [Fact]
    public void A_model_without_a_value_is_named_with_the_reason() => Assert.Equal(
        "b has no value: a norm is 0",
        PowerLaw.Of([("a", 10, Figure<double>.Of(1)), ("b", 20, Figure<double>.Undefined("a norm is 0")), ("c", 30, Figure<double>.Of(3))]).UndefinedBecause);

    [Fact]
    public void Blocks_contract_where_attention_gives_less_than_it_reads()
    {
        var model = Model("m", [new(0, 0.5, 3), new(1, 1.0, 3), new(2, 1.5, 3), new(3, 0.99, 2.5)]);
        Assert.Equal(0.5, model.AttentionContracts.Value);
        Assert.Equal(2.5, model.LastMlpGain.Value);
        Assert.NotNull(Model("m", [new(0, null, null)]).AttentionContracts.UndefinedBecause);
        Assert.NotNull(Model("m", [new(0, null, null)]).LastMlpGain.UndefinedBecause);
        Assert.NotNull(Model("m", []).AttentionContracts.UndefinedBecause);
    }

    [Theory]
    [InlineData("PYTHIA", true)]
    [InlineData("gpt_neox", true)]
    [InlineData("gpt_neo", false)]
    [InlineData("llama", false)]
    public void A_family_is_a_model_type_or_a_part_of_a_name(string word, bool isOf) =>
        Assert.Equal(isOf, (Model("EleutherAI/pythia-70m", []) with { Family = "gpt_neox" }).IsOf(word));

    [Fact]
    public void Sizes_are_put_in_order()
    {
        var scaling = Scaling.Of([Model("b", []) with { Parameters = 9 }, Model("a", []) with { Parameters = 3 }]);
        Assert.Equal(["a", "b"], scaling.Models.Select(m => m.Model));
    }

    static ScaledModel Model(string name, BlockGains[] blocks) => new("run", name, "llama", 1000, blocks, Describe.Of([1.0, 1.2], 1));
}
