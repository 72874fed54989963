using Castalia.Anatomy;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class AnatomyDifferenceTests
{
    static AnatomyFacts Study(string model) => StudyConfigs.Of(model).Facts();

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        var difference = AnatomyDifference.Of(Study("pythia-6.9b"), Study("pythia-6.9b"));
        Assert.Empty(difference.Differing);
        Assert.Equal(Study("pythia-6.9b").Facts.Count, difference.Same.Count + difference.Unknown.Count);
    }

    /// <summary>What the two configs say otherwise, and nothing that follows from it.</summary>
    [Fact]
    public void Pythia_and_GPT_J_differ_in_this()
    {
        var difference = AnatomyDifference.Of([Study("pythia-6.9b"), Study("gpt-j-6b")], StudyAnatomy.Shipped);
        Assert.Equal(
            [
                "family", "n_layers", "n_heads", "wiring", "rotary_pairing", "activation_stated", "bias_qkv", "bias_attn_out", "bias_unembedding",
                "d_vocab", "bos", "eos", "dtype_stated",
            ],
            difference.Primary.Select(d => d.Key));
        Assert.Equal(
            [("n_kv_heads", "n_heads"), ("head_dim", "n_heads"), ("norms_per_block", "wiring"), ("rotary_dims", "head_dim"), ("activation", "activation_stated")],
            difference.Differing.Where(d => d.Key is "n_kv_heads" or "head_dim" or "norms_per_block" or "rotary_dims" or "activation")
                .Select(d => (d.Key, Assert.Single(d.FollowsFrom))));
        Assert.Contains("rotary_fraction", difference.Same.Select(fact => fact.Key));
        Assert.Contains("norm", difference.Same.Select(fact => fact.Key));
    }

    [Fact]
    public void A_difference_is_ruled_out_by_a_model_with_Pythia_s_value_that_expands()
    {
        var difference = AnatomyDifference.Of([Study("pythia-6.9b"), Study("gpt-j-6b")], StudyAnatomy.Shipped);
        Assert.Equal("Pythia-6.9B", difference.Dampening);
        string[] Against(string key) => [.. difference.Differing.Single(d => d.Key == key).Against.Select(one => one.Model)];
        // Mistral and Llama have 32 blocks and 32 heads; they and Gemma pair halves; the GPT-2s have biases.
        Assert.Equal(["Mistral-7B", "LLaMA-3.1-8B"], Against("n_layers"));
        Assert.Equal(["Gemma-7B", "Mistral-7B", "LLaMA-3.1-8B"], Against("rotary_pairing"));
        Assert.Equal(["GPT2-XL", "GPT2-Medium"], Against("bias_qkv").Intersect(["GPT2-XL", "GPT2-Medium"]));
        Assert.Empty(Against("wiring"));
        Assert.Empty(Against("d_vocab"));
        Assert.Empty(Against("family"));
        Assert.All(difference.Differing.SelectMany(d => d.Against), one => Assert.True(one.SharesDampenersValue && one.MeanGain > 1));
    }

    [Fact]
    public void A_difference_is_ruled_out_by_a_model_with_another_s_value_that_dampens()
    {
        var pythia = StudyAnatomy.Shipped.Single(one => one.Dampens);
        var other = pythia with { Facts = Study("gpt-j-6b") with { Model = "other" }, MeanGain = 0.9 };
        var difference = AnatomyDifference.Of([pythia.Facts, Study("gpt-j-6b")], [pythia, other]);
        var wiring = difference.Differing.Single(d => d.Key == "wiring");
        Assert.Equal(new CounterExample("other", "parallel, one norm", 0.9, false), Assert.Single(wiring.Against));
    }

    [Fact]
    public void Without_a_model_that_dampens_nothing_is_ruled_out()
    {
        var difference = AnatomyDifference.Of([Study("gpt2-xl"), Study("gpt-j-6b")], StudyAnatomy.Shipped);
        Assert.Null(difference.Dampening);
        Assert.DoesNotContain(difference.Differing, d => d.IsRuledOut);
    }

    [Fact]
    public void Pythia_alone_dampens() => Assert.Equal(["Pythia-6.9B"], StudyAnatomy.Shipped.Where(one => one.Dampens).Select(one => one.Facts.Model));

    [Fact]
    public void What_is_not_known_of_one_model_is_not_compared()
    {
        var difference = AnatomyDifference.Of(Study("pythia-6.9b"), AnatomyFacts.Of("m", StudyConfigs.Of("gpt2-xl").Described()));
        Assert.Contains("padding_rows", difference.Unknown);
        Assert.DoesNotContain(difference.Differing, d => d.Key == "padding_rows");
    }

    [Fact]
    public void Three_models_are_compared_at_once()
    {
        var difference = AnatomyDifference.Of(Study("gpt2-medium"), Study("gpt2-large"), Study("gpt2-xl"));
        Assert.Equal(["n_layers", "d_model", "n_heads"], difference.Primary.Select(d => d.Key));
        Assert.Equal(["1024", "1280", "1600"], difference.Differing.Single(d => d.Key == "d_model").Facts.Select(fact => fact.Text));
    }
}
