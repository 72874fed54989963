using Castalia.Cards;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Hypotheses;
using Castalia.Published;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Cards;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>The views cards and card_values, and how measured models find their card.</summary>
public sealed class CardsViewTests : IDisposable
{
    const string Corpus = "SELECT model, card, corpus FROM models LEFT JOIN cards USING (card) ORDER BY model";

    readonly TemporaryFolder _folder = new();

    /// <summary>Writes a run of models, each with the repository it came from.</summary>
    void Write(params (string Name, string? Repository)[] models) => RunFolder.Write(
        HandBuilt.Run([.. models.Select(m => HandBuilt.TenPrompts(m.Name) with { Hub = m.Repository is { } r ? new HubOrigin(r, "main", "c0ffee") : null })]), _folder.Path, CancellationToken.None);

    [Fact]
    public void A_model_finds_its_card_by_its_repository_and_by_its_name_only_without_one()
    {
        Write(("a", "eleutherai/Pythia-6.9B"), ("PYTHIA-160m", null), ("pythia-70m", "somebody/pythia-70m"), ("pythia-160m-tuned", null), ("gemma-7b", "google/gemma-7b"));
        using var store = RunStore.Open(_folder.Path, TestContext.Current.CancellationToken);
        var found = store.Query(Corpus, TestContext.Current.CancellationToken).Rows.ToDictionary(row => (string)row[0]!, row => (row[1], row[2]));
        Assert.Equal(("pythia-6.9b", "The Pile"), found["a"]);
        Assert.Equal(("pythia-160m", "The Pile"), found["PYTHIA-160m"]);
        Assert.Equal((null, null), found["pythia-70m"]); // a fine-tune of the same name
        Assert.Equal((null, null), found["pythia-160m-tuned"]);
        Assert.Equal(("gemma-7b", null), found["gemma-7b"]); // its makers name no corpus
        Assert.Equal(
            [("a", true), ("gemma-7b", null), ("PYTHIA-160m", true), ("pythia-160m-tuned", null), ("pythia-70m", null)],
            Suspected(new StoredEvidence(store)).OrderBy(row => row.Model, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_card_of_ones_own_is_found_like_those_that_ship_and_takes_the_place_of_one_of_them()
    {
        Write(("tuned", "me/own-1"), ("pythia-160m", null));
        string own = _folder.Write("own.yaml", WrittenCard.Yaml), other = _folder.Write("other.yaml", WrittenCard.Yaml.Replace("own-1", "pythia-160m"));
        using var store = RunStore.Open(_folder.Path, [], CardSet.With([own, other]), null, TestContext.Current.CancellationToken);
        Assert.Equal(
            [("pythia-160m", "pythia-160m", "My corpus"), ("tuned", "own-1", "My corpus")],
            store.Query(Corpus, TestContext.Current.CancellationToken).Rows.Select(row => ((string)row[0]!, (string?)row[1], (string?)row[2])));
        Assert.Equal(ModelCards.BuiltIn.Count + 1L, Assert.Single(store.Query("SELECT count(*) FROM cards", TestContext.Current.CancellationToken).Rows)[0]);
        string again = _folder.Write("again.yaml", WrittenCard.Yaml);
        Assert.Equal("There are two cards of 'own-1'.", Assert.Throws<InputException>(() => CardSet.With([own, again])).Cause);
    }

    [Fact]
    public void Every_value_of_every_card_is_a_row_and_a_column_and_they_agree()
    {
        Write(("m", null));
        using var store = RunStore.Open(_folder.Path, TestContext.Current.CancellationToken);
        var values = store.Query("SELECT card, field, number, certainty FROM card_values", TestContext.Current.CancellationToken).Rows;
        Assert.Equal(ModelCards.BuiltIn.Sum(card => card.Values.Count), values.Count);
        var wide = store.Query("SELECT card, weight_decay, hub FROM cards", TestContext.Current.CancellationToken).Rows.ToDictionary(row => (string)row[0]!);
        Assert.Equal(ModelCards.BuiltIn.Select(card => card.Model), wide.Keys);
        Assert.All(values.Where(row => (string)row[1]! == "weight_decay"), row => Assert.Equal(row[2], wide[(string)row[0]!][1]));
        Assert.All(values.Where(row => row[3] is "unknown"), row => Assert.Null(row[2]));
    }

    [Fact]
    public void The_published_study_has_its_corpora_from_the_same_cards()
    {
        using var study = new PublishedEvidence(PublishedStudy.Shipped, CardSet.Shipped, TestContext.Current.CancellationToken);
        var suspected = Suspected(study).ToDictionary(row => row.Model, row => row.Suspected);
        foreach (var facts in ModelFacts.Shipped)
            Assert.Equal(facts.Card.Words("corpus") is { } corpus ? corpus == "The Pile" : null, suspected[facts.Model]);
        Assert.Equal(["Pythia-6.9B", "GPT-J-6B"], ModelFacts.Shipped.Where(facts => suspected[facts.Model] == true).Select(facts => facts.Model));
    }

    /// <summary>What study-h4 takes each model for.</summary>
    static IEnumerable<(string Model, bool? Suspected)> Suspected(IEvidenceSource source)
    {
        var query = HypothesisFiles.BuiltIn().Single(h => h.Id == "study-h4").Evidence.Single(q => q.Name == "facts");
        var table = source.Query(query.Name, query.Sql, TestContext.Current.CancellationToken);
        return table.Rows.Select(row => ((string)row[table.IndexOf("model")]!, (bool?)row[table.IndexOf("suspected")]));
    }

    public void Dispose() => _folder.Dispose();
}
