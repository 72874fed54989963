using Castalia.Anatomy;
using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Published;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class StudyConfigsTests
{
    public static TheoryData<string> Models => [.. ModelFacts.Shipped.Select(facts => facts.Model)];

    [Fact]
    public void Every_model_of_the_study_has_one() =>
        Assert.Equal(ModelFacts.Shipped.Select(facts => facts.Model), StudyConfigs.Shipped.Select(config => config.Model));

    [Theory, MemberData(nameof(Models))]
    public void A_shipped_config_says_what_the_shipped_facts_say(string model)
    {
        ModelFacts f = ModelFacts.Of(model);
        ConfigOnly described = StudyConfigs.Of(model).Described();
        Architecture a = described.Architecture;
        Assert.Equal((f.Family, f.NLayers, f.DModel, f.NHeads, f.NKvHeads, f.HeadDim), (a.Family.ModelType, a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim));
        Assert.Equal((f.DFf, f.DVocab, f.NCtx, f.Parameters), (a.DFf, a.DVocab, a.NCtx, a.ExpectedParameters));
        Assert.Equal((f.Norm, f.NormEpsilon, f.NormBias, f.NormWeightPlusOne), (a.Norm, a.NormEpsilon, a.Tensors.ContainsKey(WeightRole.FinalNormBias), a.NormWeightPlusOne));
        Assert.Equal((f.Wiring, f.RotaryDims, f.RotaryPairing, f.RotaryBase), (a.Wiring, a.Rotary?.Dims, a.Rotary?.Pairing, a.Rotary?.Base));
        Assert.Equal((f.LearnedPositions, f.Mlp, f.Activation), (a.LearnedPositions is not null, a.Mlp, a.Activation));
        Assert.Equal(
            (f.QkvBias, f.AttnOutBias, f.MlpBias, f.TiedUnembedding, f.UnembeddingBias, f.EmbeddingScale ?? 1),
            (a.QkvBias, a.AttnOutBias, a.MlpBias, a.TiedUnembedding, a.UnembeddingBias, a.EmbeddingScale));
        Assert.Empty(a.PassedOver);
        var facts = AnatomyFacts.Of(model, described);
        Assert.Equal(f.Parameters, facts.Find("parameters")!.Value);
    }

    [Theory]
    [InlineData("pythia-6.9b", "Pythia-6.9B")]
    [InlineData("EleutherAI/gpt-j-6b", "GPT-J-6B")]
    [InlineData("llama-3.1-8b", "LLaMA-3.1-8B")]
    [InlineData("gpt2-xl", "GPT2-XL")]
    public void It_is_found_by_any_of_its_names(string named, string model) => Assert.Equal(model, StudyConfigs.Of(named).Model);

    [Fact]
    public void Another_name_is_refused_with_those_that_are_known()
    {
        var e = Assert.Throws<InputException>(() => StudyConfigs.Of("pythia-7b"));
        Assert.Equal("'pythia-7b' is none of the models whose facts come with castalia.", e.Cause);
        Assert.Equal(
            "Known are pythia-6.9b, gemma-7b, Mistral-7B-v0.1, Llama-3.1-8B, gpt-j-6b, gpt2-xl, gpt2-large, gpt2-medium; " +
            "or name a checkpoint, or a folder with a config.json.", e.Remedy);
    }

    [Fact]
    public void Rows_beyond_the_ids_of_the_tokenizer_are_padding()
    {
        Assert.Equal(50432L - 50277, StudyConfigs.Of("pythia-6.9b").Facts().Find("padding_rows")!.Value);
        Assert.Equal(143L, StudyConfigs.Of("gpt-j-6b").Facts().Find("padding_rows")!.Value);
        Assert.Equal(0L, StudyConfigs.Of("gpt2-xl").Facts().Find("padding_rows")!.Value);
    }
}
