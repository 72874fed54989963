using System.Text.Json.Serialization;

namespace Castalia.Cards;

/// <summary>What <c>castalia card --json</c> prints.</summary>
sealed record CardsDocument(string Format, IReadOnlyList<CardDocument> Cards, IReadOnlyList<string>? Differing, IReadOnlyList<string>? Undecided)
{
    /// <summary>The document; of two cards or more, with the fields in which they differ and those of which it cannot be said.</summary>
    public static CardsDocument Of(IReadOnlyList<Card> cards)
    {
        var comparison = cards.Count > 1 ? CardComparison.Of(cards) : null;
        return new("castalia card 1", [.. cards.Select(CardDocument.Of)], comparison is null ? null : [.. comparison.Differences.Select(row => row.Field.Key)],
            comparison is null ? null : [.. comparison.Undecided.Select(row => row.Field.Key)]);
    }
}

/// <summary>A card.</summary>
sealed record CardDocument(string Model, string Title, string? Series, IReadOnlyList<string> Hub, IReadOnlyList<CardValueDocument> Values)
{
    public static CardDocument Of(Card card) => new(card.Model, card.Title, card.Series, card.Hub, [.. card.Values.Select(value => new CardValueDocument(
        value.Field.Section, value.Field.Key, value.Value?.ToString(), (value.Value as CardDatum.Number)?.Value, value.Field.Unit, value.Certainty.Word(),
        [.. value.Sources.Select(source => source.Text)], value.Note))]);
}

/// <summary>What it says of a field.</summary>
sealed record CardValueDocument(string Section, string Field, string? Value, double? Number, string Unit, string Certainty, IReadOnlyList<string> Sources, string? Note);

/// <summary>How cards are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CardsDocument))]
sealed partial class CardJson : JsonSerializerContext;
