using Castalia.Cards;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Cards;

public sealed class CardComparisonTests
{
    [Fact]
    public void A_card_differs_from_itself_in_nothing()
    {
        foreach (var card in ModelCards.BuiltIn)
        {
            var comparison = CardComparison.Of([card, card]);
            Assert.Empty(comparison.Differences);
            Assert.Equal(card.Values.Where(value => value.Value is null).Select(value => value.Field), comparison.Undecided.Select(row => row.Field));
        }
    }

    [Theory]
    [InlineData("corpus: { value: \"My corpus\"", "corpus: { value: \"Another\"", "corpus")]
    [InlineData("{ value: true,", "{ value: false,", "tied_unembedding")]
    [InlineData("[one, two]", "[one, three]", "revision_defects")]
    [InlineData("{ value: none,", "{ value: 0,", "confidence_penalty")]
    [InlineData("{ value: 0.1,", "{ value: 0.2,", "weight_decay decay_e_folds surviving_initialisation")]
    [InlineData("certainty: published }", "certainty: from code }", "")]
    public void One_changed_value_makes_that_difference_and_what_follows_from_it(string text, string instead, string fields)
    {
        Assert.Contains(text, WrittenCard.Yaml);
        var comparison = CardComparison.Of([WrittenCard.Read(WrittenCard.Yaml), WrittenCard.Read(WrittenCard.Yaml.Replace(text, instead))]);
        Assert.Equal(fields, string.Join(' ', comparison.Differences.Select(row => row.Field.Key)));
    }

    [Fact]
    public void What_one_card_does_not_know_is_undecided_and_no_difference()
    {
        var known = WrittenCard.Read(WrittenCard.Yaml);
        string yaml = WrittenCard.Yaml.Replace("{ value: \"My corpus\", source: paper, certainty: published }", "{ source: paper, certainty: unknown }").Replace("  tied_unembedding: { value: true, source: log, certainty: from code }\n", "");
        var comparison = CardComparison.Of([known, WrittenCard.Read(yaml)]);
        Assert.Empty(comparison.Differences);
        Assert.Equal(["corpus", "seed", "hardware", "tied_unembedding"], comparison.Undecided.Select(row => row.Field.Key));
        Assert.Null(comparison.Rows.Single(row => row.Field.Key == "tied_unembedding").Values[1]);
    }

    [Fact]
    public void Pythia_and_GPT_J_differ_where_their_code_does()
    {
        var comparison = CardComparison.Of([ModelCards.Named("pythia-6.9b"), ModelCards.Named("EleutherAI/gpt-j-6B")]);
        var different = comparison.Differences.Select(row => row.Field.Key).ToList();
        string[] expected =
        [
            "tokenizer", "beta2", "decay_e_folds", "confidence_penalty", "precision", "init_std_output", "output_bias_copies", "code_base", "n_layers", "n_heads", "head_dim", "norms_per_block", "rotary_pairing",
            "activation_stated", "qkv_bias", "attn_out_bias", "unembedding_bias", "embedding_bias",
        ];
        Assert.All(expected, field => Assert.Contains(field, different));
        string[] shared = ["corpus", "peak_learning_rate", "learning_rate_floor", "weight_decay", "wiring", "norm", "d_model", "rotary_fraction", "activation_trained", "mlp_bias"];
        Assert.All(shared, field => Assert.DoesNotContain(field, different));
        Assert.NotNull(comparison.Rows.Single(row => row.Field.Key == "norms_per_block").Remark);
        Assert.Null(comparison.Rows.Single(row => row.Field.Key == "wiring").Remark);
    }

    [Fact]
    public void One_card_is_nothing_to_compare() =>
        Assert.Equal("1 card is nothing to compare.", Assert.Throws<InputException>(() => CardComparison.Of([ModelCards.Named("gpt2")])).Cause);

    [Fact]
    public void Tables_hold_every_value_once()
    {
        var cards = ModelCards.BuiltIn;
        var rows = CardTable.OfValues(cards);
        Assert.Equal(cards.Sum(card => card.Values.Count), rows.Rows.Count);
        Assert.All(rows.Rows, row => Assert.Equal(rows.Columns.Count, row.Count));
        var decay = rows.Rows.Single(row => Equals(row[0], "gpt-j-6b") && Equals(row[2], "weight_decay"));
        Assert.Equal(["gpt-j-6b", "optimisation", "weight_decay", "0.1", 0.1, "", "from code"], decay.Take(7));

        var wide = CardTable.OfModels(cards);
        Assert.Equal(CardFields.All.Count + 4, wide.Columns.Count);
        int At(string column) => wide.Columns.Select(c => c.Name).ToList().IndexOf(column);
        var pythia = wide.Rows.Single(row => Equals(row[0], "pythia-6.9b"));
        string[] some = ["card", "series", "corpus", "tokens", "weight_decay", "qkv_bias"];
        Assert.Equal(["pythia-6.9b", "pythia", "The Pile", 299_892_736_000L, 0.1, true], some.Select(column => pythia[At(column)]));
        Assert.Null(pythia[At("confidence_penalty")]);
        Assert.Equal(wide.Rows.Count, wide.Rows.Select(row => row[0]).Distinct().Count());
        var types = new Dictionary<string, Type> { ["VARCHAR"] = typeof(string), ["DOUBLE"] = typeof(double), ["BIGINT"] = typeof(long), ["BOOLEAN"] = typeof(bool), ["VARCHAR[]"] = typeof(object?[]) };
        Assert.All(wide.Rows, row => Assert.All(row.Zip(wide.Columns), cell => Assert.True(cell.First is null || cell.First.GetType() == types[cell.Second.Type], cell.Second.Name)));
    }
}
