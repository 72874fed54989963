using Castalia.Analyses;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class BentovPromptsTests
{
    /// <summary>The study's Pythia: r(G, H) = +0.199 and r(|G−1|, H) = −0.199, p = 0.34, because all 25 gains lie below 1.</summary>
    [Fact]
    public void Where_every_gain_is_below_1_the_two_correlations_differ_in_sign_alone()
    {
        var b = BentovPrompts.Of(Samples.Published("Pythia-6.9B"), seed: 1);
        Assert.Equal(new SignIdentity(25, 0, 0), b.Sides);
        Assert.Equal(-1, b.Sides.Sign);
        Assert.Equal(0.199, b.OfGain.Pearson.Value!.Value.Coefficient, 1e-3);
        Assert.Equal(-b.OfGain.Pearson.Value!.Value.Coefficient, b.OfDistance.Pearson.Value!.Value.Coefficient, 1e-12);
        Assert.Equal(-b.OfGain.Spearman.Value!.Value.Coefficient, b.OfDistance.Spearman.Value!.Value.Coefficient, 1e-12);
        Assert.Equal(-b.GainLine.Value!.Value.Slope, b.DistanceLine.Value!.Value.Slope, 1e-12);
        Assert.Equal(0.34, b.OfGain.PearsonP.Value!.Value.P, 0.02);
    }

    [Fact]
    public void Where_gains_lie_on_both_sides_the_two_correlations_are_different_figures()
    {
        var b = BentovPrompts.Of(Samples.Published("GPT2-Large"), seed: 1);
        Assert.Equal((10, 15), (b.Sides.Below, b.Sides.Above));
        Assert.Null(b.Sides.Sign);
        Assert.NotEqual(Math.Abs(b.OfGain.Pearson.Value!.Value.Coefficient), Math.Abs(b.OfDistance.Pearson.Value!.Value.Coefficient), 1e-3);
    }

    /// <summary>"r(G, H) is never negative": the signs and sizes that the study's data have.</summary>
    [Theory]
    [InlineData("Gemma-7B", 0.69)]
    [InlineData("LLaMA-3.1-8B", 0.59)]
    [InlineData("GPT2-Medium", 0.37)]
    [InlineData("Mistral-7B", 0.37)]
    [InlineData("GPT-J-6B", 0.16)]
    [InlineData("GPT2-XL", 0.01)]
    public void The_studys_correlations_are_these(string model, double r) =>
        Assert.Equal(r, BentovPrompts.Of(Samples.Published(model), seed: 1).OfGain.Pearson.Value!.Value.Coefficient, 0.006);

    [Theory]
    [InlineData(new[] { 0.9, 0.8 }, -1)]
    [InlineData(new[] { 0.9, 1.0 }, -1)]
    [InlineData(new[] { 1.1, 1.0 }, 1)]
    [InlineData(new[] { 1.1, 0.9 }, null)]
    [InlineData(new[] { 1.0, 1.0 }, null)]
    public void A_gain_of_exactly_1_breaks_no_identity(double[] gains, int? sign) => Assert.Equal(sign, SignIdentity.Of(gains).Sign);

    [Fact]
    public void A_gain_that_does_not_vary_leaves_everything_undefined_with_a_reason()
    {
        var b = BentovPrompts.Of(Samples.Of([0.9, 0.9, 0.9, 0.9], [1, 2, 3, 5]), seed: 1);
        Assert.NotNull(b.OfGain.Pearson.UndefinedBecause);
        Assert.NotNull(b.OfGain.PearsonP.UndefinedBecause);
        Assert.NotNull(b.OfGain.Spearman.UndefinedBecause);
        Assert.Null(b.Crossing.Value);
        Assert.All(b.Adjustments, row => Assert.Null(row.OfGain.Value));
    }

    [Fact]
    public void One_prompt_gives_no_figure_and_no_exception()
    {
        var b = BentovPrompts.Of(Samples.Of([0.9], [1]), seed: 1);
        Assert.Null(b.OfGain.Pearson.Value);
        Assert.Null(b.GainLine.Value);
        Assert.Equal(Proportionality.Undefined, b.Proportionality);
    }

    [Theory]
    [InlineData(-0.019, 0.019, Proportionality.Holds)]
    [InlineData(-0.02, 0.021, Proportionality.Undecided)]
    [InlineData(0.021, 0.5, Proportionality.Fails)]
    [InlineData(-0.5, -0.021, Proportionality.Fails)]
    [InlineData(-0.5, 0.5, Proportionality.Undecided)]
    internal void Proportionality_is_read_off_the_whole_interval_of_the_intercept(double low, double high, Proportionality expected) =>
        Assert.Equal(expected, Proportionalities.Of(Figure<FittedLine>.Of(new(9, 1, 0.1, new(0.8, 1.2), 0.001, (low + high) / 2, new(low, high), 0.5))));

    [Fact]
    public void Holm_is_over_the_models_whose_p_is_defined()
    {
        var holm = HolmOverModels.Of([Figure<double>.Of(0.01), Figure<double>.Undefined("it does not vary"), Figure<double>.Of(0.04), Figure<double>.Of(0.03)]);
        Assert.Equal(3, holm.Tests);
        Assert.Equal(0.03, holm.Adjusted[0].Value!.Value, 1e-12);
        Assert.Equal("it does not vary", holm.Adjusted[1].UndefinedBecause);
        Assert.Equal(0.06, holm.Adjusted[2].Value!.Value, 1e-12);
        Assert.Equal(0.06, holm.Adjusted[3].Value!.Value, 1e-12);
    }
}
