using System.Text.Json.Nodes;
using Castalia.Cards;
using Castalia.Reports.Pages;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>In what the descriptions of the models differ, how they were trained, and how figures go with size.</summary>
static class ModelsSection
{
    /// <summary>Tables, or what would fill them.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("The models", 2);
        var models = e.Store is null ? [] : e.Store.Counted.Models.DistinctBy(m => (m.Model.Identity.Weights, m.Model.Identity.Arithmetic)).ToList();
        if (models.Count > 1) yield return Differences(e.Store!, models);
        else yield return new Paragraph(models.Count == 0 ? "No run was read; 'castalia anatomy A B' compares descriptions and weights." : "One model; 'castalia anatomy A B' compares its description and weights with another's.");
        List<Card> cards = [.. e.Models.Select(model => CardOf(model, e)).OfType<Card>().Distinct()];
        if (cards.Count > 1)
        {
            foreach (var block in CardReport.Of(CardComparison.Of(cards)).Blocks) yield return block is Heading h ? h with { Level = h.Level + 2 } : block;
        }
        else yield return new Paragraph(cards.Count == 1 ? $"Of how they were trained there is a card of {cards[0].Title} alone; 'castalia card {cards[0].Model}' shows it." : "How they were trained is on no card; 'castalia card' lists those there are.");
        foreach (var block in ScalingSection.Of(e)) yield return block;
    }

    /// <summary>By its repository where that is known, else by its name.</summary>
    static Card? CardOf(ReportedModel model, ReportEvidence e)
    {
        if (model.Stored is not { } stored) return ModelCards.Find(model.Label.Split(' ')[0]);
        var hub = e.Store!.Runs.First(run => run.Name == stored.Run).Models.First(m => m.Name == stored.Name).Hub;
        return (hub is { } from ? ModelCards.Find(from.Repository) : null) ?? ModelCards.Find(stored.Name);
    }

    static Table Differences(RunStore store, List<ModelOfRun> models)
    {
        var described = models.Select(m => (Label: store.Counted.Label(m.Run, m.Model), Facts: Flat("", m.Model.Architecture).ToDictionary(fact => fact.Key, fact => fact.Value))).ToList();
        var keys = described.SelectMany(m => m.Facts.Keys).Distinct().Where(key => described.Select(m => m.Facts.GetValueOrDefault(key)).Distinct().Count() > 1).ToList();
        return new(["field", .. described.Select(m => Column.Words(m.Label))], [.. keys.Select(IReadOnlyList<Cell> (key) => [key, .. described.Select(m => (Cell)(m.Facts.GetValueOrDefault(key) ?? Figures.Missing))])])
        {
            Caption = "Fields in which the models' descriptions differ",
        };
    }

    static IEnumerable<(string Key, string Value)> Flat(string prefix, JsonObject fields) => fields.SelectMany(field => field.Value switch
    {
        JsonObject nested => Flat($"{prefix}{field.Key}.", nested),
        JsonArray { Count: > 8 } long_ => [($"{prefix}{field.Key}", $"{long_.Count} values")],
        null => [],
        var value => new[] { ($"{prefix}{field.Key}", value.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value.ToJsonString()) },
    });
}
