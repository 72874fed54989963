using Castalia.Cards;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Cards;

public sealed class CardReaderTests
{
    [Fact]
    public void A_card_says_what_its_file_says()
    {
        var card = WrittenCard.Read(WrittenCard.Yaml);
        Assert.Equal(("own-1", "Own", null), (card.Model, card.Title, card.Series));
        Assert.Equal(["me/own-1"], card.Hub);
        Assert.Equal("My corpus", card.Words("corpus"));
        Assert.Equal([new CardSource("Its paper", "pythia")], card.Of("corpus")!.Sources);
        Assert.Equal("own.yaml, line 10, column 3", card.Of("corpus")!.Place);
        Assert.Equal(("Of the global norm.", 1, Certainty.FromCode), (card.Of("gradient_clipping")!.Note, card.Number("gradient_clipping"), card.Of("gradient_clipping")!.Certainty));
        Assert.Equal(new CardDatum.Truth(true), card.Of("tied_unembedding")!.Value);
        Assert.Equal(new CardDatum.Listing(["one", "two"]), card.Of("revision_defects")!.Value);
        Assert.Equal(new CardDatum.None(), card.Of("confidence_penalty")!.Value);
        Assert.Equal((null, Certainty.Unknown), (card.Of("seed")!.Value, card.Of("seed")!.Certainty));
        Assert.Null(card.Of("tokens"));
    }

    [Theory]
    [InlineData("corpus: {", "korpus: {", "'korpus' is no key of 'fields'.", 10, 3)]
    [InlineData("title: Own\n", "titel: Own\n", "'titel' is no key of a card.", 2, 1)]
    [InlineData("title: Own\n", "", "A card has no 'title'.", 1, 1)]
    [InlineData("model: own-1\n", "", "It says neither 'model' nor 'series', or both.", 1, 1)]
    [InlineData("model: own-1\n", "series: own-1\n", "It says neither 'model' nor 'series', or both.", 1, 9)]
    [InlineData("model: own-1\n", "model: Own 1\n", "'Own 1' cannot be a model's name.", 1, 8)]
    [InlineData("source: paper, certainty: published }", "certainty: published }", "'corpus' has no 'source'.", 10, 11)]
    [InlineData("source: paper, certainty: published }", "source: paper }", "'corpus' has no 'certainty'.", 10, 11)]
    [InlineData("source: paper, certainty: published }", "source: paper, certainty: likely }", "'certainty' is 'likely'.", 10, 59)]
    [InlineData("source: paper, certainty: published }", "source: papers, certainty: published }", "'papers' is no source of this card.", 10, 41)]
    [InlineData("source: paper, certainty: published }", "source: paper, certainty: published, sure: yes }", "'sure' is no key of 'corpus'.", 10, 70)]
    [InlineData("source: paper, certainty: published }", "source: paper, certainty: unknown }", "'corpus' is unknown and has a value.", 10, 13)]
    [InlineData("{ value: \"My corpus\", source: paper", "{ source: paper", "'corpus' has no 'value'.", 10, 11)]
    [InlineData("{ value: \"My corpus\"", "{ value: [a]", "'value' is a list; a text or a number was expected.", 10, 20)]
    [InlineData("{ value: 100,", "{ value: 99.5,", "'warmup_steps' is '99.5'; a whole number of at least 0 was expected.", 12, 26)]
    [InlineData("{ value: 100,", "{ value: few,", "'warmup_steps' is 'few'; a whole number of at least 0 was expected.", 12, 26)]
    [InlineData("{ value: 0.1,", "{ value: a tenth,", "'weight_decay' is 'a tenth'; a number was expected.", 18, 26)]
    [InlineData("{ value: linear,", "{ value: straight,", "'decay_shape' is 'straight'; one of cosine, linear, constant was expected.", 13, 25)]
    [InlineData("{ value: true,", "{ value: yes,", "'tied_unembedding' is 'yes'; true or false was expected.", 20, 30)]
    [InlineData("[seed, hardware]", "[seed, hardwear]", "'hardwear' is no field of a card.", 8, 22)]
    [InlineData("[seed, hardware]", "[seed, corpus]", "'corpus' is stated twice.", 8, 22)]
    [InlineData("[seed, hardware], source: log", "[seed, hardware]", "An entry of 'unknown' has no 'source'.", 8, 5)]
    [InlineData("  corpus: {", "  steps: { value: 1, source: log, certainty: from code }\n  corpus: {", "The file is not valid YAML: Duplicate key steps.", 18, 3)]
    [InlineData("fields:\n", "base: pythai\nfields:\n", "There is no card or series 'pythai' to build on.", 9, 7)]
    [InlineData("  corpus: {", "  decay_e_folds: { value: 0.5, source: log, certainty: published }\n  corpus: {", "'decay_e_folds' is stated as 0.5, and 0.05 follows from peak_learning_rate, warmup_steps, decay_shape, decay_steps, decay_aim, learning_rate_floor, steps, weight_decay.", 10, 3)]
    [InlineData("[seed, hardware]", "[seed, decay_e_folds]", "'decay_e_folds' is stated as unknown, and 0.05 follows from peak_learning_rate, warmup_steps, decay_shape, decay_steps, decay_aim, learning_rate_floor, steps, weight_decay.", 8, 22)]
    public void What_is_no_card_is_refused_with_file_line_and_column(string text, string instead, string cause, int line, int column)
    {
        Assert.Contains(text, WrittenCard.Yaml);
        var e = Assert.Throws<InputException>(() => WrittenCard.Read(WrittenCard.Yaml.Replace(text, instead)));
        Assert.Equal((cause, $"own.yaml, line {line}, column {column}"), (e.Cause, e.Place));
        Assert.NotEmpty(e.Remedy);
    }

    [Fact]
    public void A_misspelt_base_and_a_misspelt_name_are_answered_with_the_nearest()
    {
        var e = Assert.Throws<InputException>(() => WrittenCard.Read(WrittenCard.Yaml.Replace("fields:\n", "base: pythai\nfields:\n")));
        Assert.Equal("Did you mean 'pythia'?", e.Remedy);
        e = Assert.Throws<InputException>(() => ModelCards.Named("pythia-6.9"));
        Assert.Equal(("There is no card 'pythia-6.9'.", "Did you mean 'pythia-6.9b'?"), (e.Cause, e.Remedy));
        Assert.Contains("pythia-12b", Assert.Throws<InputException>(() => ModelCards.Named("x")).Remedy);
    }

    [Fact]
    public void A_field_takes_the_place_of_its_bases_whole()
    {
        var card = WrittenCard.Read("""
            model: own-2
            title: Own
            base: pythia-6.9b-deduped
            sources: { log: { text: "The log" } }
            fields:
              decay_aim: { value: 0, source: log, certainty: published }
              seed: { certainty: unknown, source: log }
            """);
        Assert.Equal("pythia", card.Series);
        Assert.Equal(("The Pile", true, 0.02), (card.Words("corpus"), ((CardDatum.Truth)card.Of("corpus_deduplicated")!.Value!).Value, card.Number("init_std_input")));
        Assert.Equal((null, "own.yaml, line 6, column 3", "The log"), (card.Of("decay_aim")!.Note, card.Of("decay_aim")!.Place, card.Of("decay_aim")!.Sources.Single().Text));
        Assert.Null(card.Number("seed"));
        Assert.Empty(card.Hub);
    }

    [Fact]
    public void Bases_that_lead_back_are_refused()
    {
        CardFile File(string yaml) => CardReader.Read(new("own.yaml", yaml, CardErrors.Format));
        var a = File("model: a\ntitle: A\nbase: b\nfields: {}\n");
        var b = File("model: b\ntitle: B\nbase: a\nfields: {}\n");
        var e = Assert.Throws<InputException>(() => CardAssembly.Of(a, new Dictionary<string, CardFile> { ["a"] = a, ["b"] = b }));
        Assert.Equal(("The bases lead back: a → b → a.", "own.yaml, line 3, column 7"), (e.Cause, e.Place));
    }

    [Fact]
    public void A_card_on_disk_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("own.yaml", WrittenCard.Yaml);
        Assert.Equal("own-1", ModelCards.Read(path).Model);
        var e = Assert.Throws<InputException>(() => ModelCards.Read(folder.Write("bad.yaml", WrittenCard.Yaml.Replace("corpus: {", "korpus: {"))));
        Assert.EndsWith("bad.yaml, line 10, column 3", e.Place);
        Assert.Contains("docs/cards.md", e.Remedy);
        Assert.StartsWith("The file cannot be opened", Assert.Throws<InputException>(() => ModelCards.Read(Path.Combine(folder.Path, "no.yaml"))).Cause);
    }
}
