using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>A combination of traits becomes a network of some family that has just these.</summary>
public sealed class ModelFormTests
{
    internal static ModelTraits Small(string family) => new() { Family = family, NLayers = 2, DModel = 32, NHeads = 4, DVocab = 96, NCtx = 64 };

    static ModelForm Of(ModelTraits traits) => ModelForm.Of(traits, "here");

    public static TheoryData<string> Families => [.. ModelForm.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Usual_traits_are_the_familys_own(string family)
    {
        var form = Of(Small(family));
        Assert.Equal(family, form.Architecture.Family.ModelType);
        Assert.Empty(form.HeldAtZero);
        using var imagined = StoredTensors.Imagined(form.Config, StoredTensors.Of(form.Architecture));
        Assert.Equal(form.Architecture.ExpectedParameters, WeightMap.Bind(form.Architecture, imagined).Parameters);
    }

    [Theory]
    [InlineData("gpt_neox", 0.5, 2)]
    [InlineData("gptj", 0.5, 2)]
    [InlineData("gpt_neox", 0.9, 2)]
    [InlineData("gpt_neox", 1.0, 4)]
    [InlineData("llama", 1.0, 4)]
    public void Narrow_heads_turn_by_the_share_asked_for(string family, double share, int dims) =>
        Assert.Equal(dims, Of(Small(family) with { NHeads = 8, RotaryFraction = share }).Architecture.Rotary!.Dims);

    [Fact]
    public void A_wiring_that_the_family_has_not_is_found_in_another_with_everything_else_the_same()
    {
        var neox = Small("gpt_neox");
        Assert.Equal("gpt_neox", Of(neox with { Wiring = Wiring.Sequential }).Architecture.Family.ModelType);
        var one = Of(neox with { Wiring = Wiring.ParallelOneNorm, Activation = Activation.GeluTanh });
        Assert.Equal("phi", one.Architecture.Family.ModelType); // biases of queries, which GPT-J has not
        Assert.Equal([WeightRole.UnembeddingBias], one.HeldAtZero);
        Assert.Equal(Of(neox).Architecture.Rotary!.Dims, one.Architecture.Rotary!.Dims);
        var bare = Of(neox with { Wiring = Wiring.ParallelOneNorm, QkvBias = false, AttnOutBias = false });
        Assert.Equal("gptj", bare.Architecture.Family.ModelType);
    }

    [Fact]
    public void Biases_that_a_family_always_has_are_held_at_nothing()
    {
        var form = Of(Small("gpt2") with { QkvBias = false, AttnOutBias = false, MlpBias = false });
        Assert.Equal("gpt2", form.Architecture.Family.ModelType);
        Assert.Contains(WeightRole.QueryBias, form.HeldAtZero);
        Assert.Contains(WeightRole.MlpDownBias, form.HeldAtZero);
    }

    [Theory]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 4)]
    [InlineData(1, 8)]
    public void Rotary_fractions_become_dimensions(double fraction, int dims) => Assert.Equal(dims, Of(Small("gpt_neox") with { RotaryFraction = fraction }).Architecture.Rotary!.Dims);

    [Fact]
    public void Learned_positions_norms_and_gates_are_found()
    {
        Assert.Equal("gpt2", Of(Small("gpt_neox") with { Wiring = Wiring.Sequential, LearnedPositions = true }).Architecture.Family.ModelType);
        Assert.Equal("stablelm", Of(Small("llama") with { Norm = NormKind.LayerNorm, RotaryFraction = 0.5 }).Architecture.Family.ModelType);
        Assert.Equal(96, Of(Small("llama")).Architecture.DFf);
        Assert.Equal(128, Of(Small("gpt2")).Architecture.DFf);
    }

    [Fact]
    public void What_no_family_has_is_refused_with_the_nearest()
    {
        var thrown = Assert.Throws<InputException>(() => Of(Small("gpt_neox") with { Norm = NormKind.RmsNorm }));
        Assert.Equal("No family of models has these traits together.\n  where: here\n  to do: Nearest is GPT-NeoX (Pythia), with norm LayerNorm for RmsNorm. Give up one of them.", thrown.Message);
        Assert.Throws<InputException>(() => Of(Small("gpt_neox") with { NHeads = 5 }));
    }
}
