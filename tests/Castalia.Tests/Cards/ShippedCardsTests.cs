using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Literature;
using Xunit;

namespace Castalia.Tests.Cards;

public sealed class ShippedCardsTests
{
    static readonly string[] s_sizes = ["14m", "31m", "70m", "160m", "410m", "1b", "1.4b", "2.8b", "6.9b", "12b"];

    public static TheoryData<string> Names => [.. ModelCards.BuiltIn.Select(card => card.Model)];

    [Fact]
    public void Every_model_that_is_spoken_of_has_a_card()
    {
        string[] expected =
        [
            .. s_sizes.Select(size => $"pythia-{size}"), .. s_sizes[2..].Select(size => $"pythia-{size}-deduped"),
            "gpt-j-6b", "gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl", "mistral-7b", "llama-3.1-8b", "gemma-7b", "smollm2-135m",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), ModelCards.BuiltIn.Select(card => card.Model).Order(StringComparer.Ordinal));
        Assert.Equal(ModelCards.Names().Count(), ModelCards.BuiltIn.Count + 2); // and two series
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_field_is_stated_with_source_and_certainty(string model)
    {
        var card = ModelCards.Named(model);
        Assert.Equal("", string.Join(", ", CardFields.All.Where(field => card.Of(field.Key) is null).Select(field => field.Key)));
        Assert.All(card.Values, value =>
        {
            Assert.NotEmpty(value.Sources);
            Assert.All(value.Sources, source => Assert.NotEmpty(source.Text));
            Assert.Equal(value.Certainty == Certainty.Unknown, value.Value is null);
        });
        Assert.NotEmpty(card.Hub);
        Assert.Same(card, ModelCards.Named(card.Hub[0].ToUpperInvariant()));
        Assert.All(References.Of(card), work => Assert.NotEmpty(work.Title));
    }

    [Fact]
    public void No_name_leads_to_two_cards()
    {
        var names = ModelCards.BuiltIn.SelectMany(card => card.Hub.Prepend(card.Model).Select(name => name.ToLowerInvariant()).Distinct()).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Null(ModelCards.Find("nobody/nothing"));
    }

    // Worked out apart from this code, from the schedules of gpt-neox v1.0 and mesh-transformer-jax.
    [Theory]
    [InlineData("pythia-70m", 7.40, 0.0006)]
    [InlineData("pythia-160m", 4.44, 0.012)]
    [InlineData("pythia-410m", 2.22, 0.11)]
    [InlineData("pythia-1.4b", 1.48, 0.23)]
    [InlineData("pythia-2.8b", 1.18, 0.31)]
    [InlineData("pythia-6.9b", 0.888, 0.41)]
    [InlineData("pythia-12b-deduped", 0.888, 0.41)]
    [InlineData("gpt-j-6b", 2.09, 0.12)]
    public void Decay_and_what_it_leaves_are_those_of_the_schedule(string model, double folds, double left)
    {
        var card = ModelCards.Named(model);
        Assert.Equal(1, card.Number("decay_e_folds")!.Value / folds, 0.005);
        Assert.Equal(left, card.Number("surviving_initialisation")!.Value, left < 0.001 ? 0.00005 : 0.005);
        Assert.Equal(Certainty.Computed, card.Of("decay_e_folds")!.Certainty);

        // Once more as the optimiser did it, step by step.
        double weight = 1;
        for (int step = 1; step <= card.Number("steps"); step++) weight *= 1 - card.Number("weight_decay")!.Value * card.Schedule!.At(step);
        Assert.Equal(1, card.Number("surviving_initialisation")!.Value / weight, 0.001);
    }

    [Fact]
    public void What_a_series_states_and_its_models_compute_agree() => Assert.All(ModelCards.BuiltIn, card =>
    {
        for (var file = ModelCards.Files[card.Model]; ; file = ModelCards.Files[file.Base.Value])
        {
            Assert.All(file.Values.Values.Where(value => value.Field.IsComputed && value.Value is not null), value =>
                Assert.Equal(1, card.Number(value.Field.Key)!.Value / ((CardDatum.Number)value.Value!).Value, ComputedFields.Tolerance));
            if (file.Base is null) break;
        }
    });

    [Theory]
    [InlineData("pythia-6.9b", 299_892_736_000, null, 155)]
    [InlineData("pythia-70m-deduped", 299_892_736_000, 1.45, 27)]
    [InlineData("pythia-12b", 299_892_736_000, null, 411)]
    [InlineData("gpt-j-6b", 402_128_896_000, null, 143)]
    [InlineData("gemma-7b", 6e12, null, 0)]
    public void Tokens_passes_and_padding_follow(string model, double tokens, double? epochs, double padding)
    {
        var card = ModelCards.Named(model);
        Assert.Equal(tokens, card.Number("tokens"));
        Assert.Equal(padding, card.Number("vocabulary_padding"));
        Assert.Equal(epochs, card.Number("epochs") is { } passes ? Math.Round(passes, 2) : null);
    }

    [Theory]
    [InlineData("pythia-2.8b", 0.0125, 0.0125, 0.00124)]
    [InlineData("pythia-6.9b", 0.02, 0.02, 0.0025)]
    [InlineData("pythia-12b", 0.02, 0.02, 0.00236)]
    [InlineData("pythia-70m", 0.0280, 0.0280, 0.01473)]
    [InlineData("gpt-j-6b", 0.0039, 0.0137, 0.00098)]
    public void First_weights_are_as_wide_as_their_rules_say(string model, double embedding, double input, double output)
    {
        var card = ModelCards.Named(model);
        Assert.Equal(1, card.Number("init_std_embedding")!.Value / embedding, 0.01);
        Assert.Equal(1, card.Number("init_std_input")!.Value / input, 0.01);
        Assert.Equal(1, card.Number("init_std_output")!.Value / output, 0.01);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_those_of_the_shapes(string model)
    {
        var card = ModelCards.Named(model);
        double N(string field) => card.Number(field)!.Value;
        bool Has(string field) => ((CardDatum.Truth)card.Of(field)!.Value!).Value;
        double d = N("d_model"), ff = N("d_ff"), queries = N("n_heads") * N("head_dim"), keys = N("n_kv_heads") * N("head_dim");
        double norm = card.Words("norm") == "LayerNorm" ? 2 * d : d;
        double block = d * (queries + 2 * keys) + queries * d + (card.Words("mlp") == "gated" ? 3 : 2) * d * ff + N("norms_per_block") * norm
            + (Has("qkv_bias") ? queries + 2 * keys : 0) + (Has("attn_out_bias") ? d : 0) + (Has("mlp_bias") ? ff + d : 0);
        double all = N("n_layers") * block + norm + N("d_vocab") * (Has("tied_unembedding") ? d : 2 * d) + (Has("unembedding_bias") ? N("d_vocab") : 0)
            + (card.Words("positions") == "learned" ? N("n_ctx") * d : 0);
        Assert.Equal(N("parameters"), all);
    }

    [Fact]
    public void Remarks_refer_to_what_there_is()
    {
        var hypotheses = HypothesisFiles.BuiltIn().Select(h => h.Id).ToHashSet();
        Assert.True(FieldRemarks.BuiltIn.Count > 30);
        Assert.All(FieldRemarks.BuiltIn, remark =>
        {
            Assert.NotEmpty(remark.Text);
            Assert.True(remark.Sources.Count + remark.Literature.Count > 0, remark.Field.Key);
            Assert.Equal(remark.Literature.Count, References.Of(remark).Count);
            Assert.All(remark.Hypotheses, id => Assert.Contains(id, hypotheses));
        });
        string[] anatomy =
        [
            "wiring", "norms_per_block", "rotary_fraction", "rotary_pairing", "qkv_bias", "mlp_bias", "attn_out_bias", "output_bias_copies", "tied_unembedding", "vocabulary_padding",
            "bos", "activation_stated", "activation_trained", "head_dim", "n_ctx", "norm_epsilon", "code_base",
        ];
        Assert.All(anatomy, field => Assert.NotNull(FieldRemarks.Of(field)));
    }

    [Fact]
    public void The_studys_comparison_refers_to_what_there_is()
    {
        Assert.All(StudyComparison.Models, model => Assert.Equal(model, ModelCards.Named(model).Model));
        Assert.All(StudyComparison.Lines, line => Assert.All(line.Literature, id => Assert.Equal(id, Bibliography.Named(id).Id)));
        Assert.True(StudyComparison.Lines.Count(line => line.Field is not null) >= 25);
        var both = CardComparison.Of([.. StudyComparison.Models.Select(ModelCards.Named)]);
        // Where the study is right that two things are equal, the cards say so too, and where it says that they differ, they differ.
        Assert.All(StudyComparison.Lines.Where(line => line.Verdict == StudyVerdict.Right && line.Field is not null), line =>
            Assert.Equal(line.Study!.Contains("both", StringComparison.Ordinal) ? FieldAgreement.Same : FieldAgreement.Different, both.Rows.Single(row => row.Field == line.Field).Agreement));
    }
}
