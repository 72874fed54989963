namespace Castalia.Cards;

/// <summary>A column of a table of cards.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type.</param>
/// <param name="Unit">Unit; empty for names, counts and ratios.</param>
/// <param name="Description">What it is and when it is null.</param>
sealed record CardColumn(string Name, string Type, string Unit, string Description);

/// <summary>Cards as rows of plain values: string, double, long, bool, an array of strings, or null.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">Rows, each with a value for every column.</param>
sealed record CardTable(IReadOnlyList<CardColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>One row for each field that a card speaks of.</summary>
    public static CardTable OfValues(IReadOnlyList<Card> cards) => new(
        [
            new("card", "VARCHAR", "", "Name of the card, which is its model's."),
            new("section", "VARCHAR", "", "Part of the card."),
            new("field", "VARCHAR", "", "Field."),
            new("value", "VARCHAR", "", "The value as words; none where the model has none of it, null where it is unknown."),
            new("number", "DOUBLE", "", "The value as a number; null where it is none."),
            new("unit", "VARCHAR", "", "Unit of the number; empty for ratios and counts."),
            new("certainty", "VARCHAR", "", "published, from code, computed or unknown."),
            new("source", "VARCHAR", "", "Where it is from, several separated by semicolons; of an unknown one, where it was looked for."),
            new("note", "VARCHAR", "", "What must be known to read it rightly; null without."),
        ],
        [
            .. from card in cards
               from value in card.Values
               select new object?[]
               {
                   card.Model, value.Field.Section, value.Field.Key, value.Value?.ToString(), (value.Value as CardDatum.Number)?.Value, value.Field.Unit, value.Certainty.Word(),
                   string.Join("; ", value.Sources.Select(source => source.Text)), value.Note,
               },
        ]);

    /// <summary>One row for each card, and a column for each field; null where it is unknown, none or not spoken of.</summary>
    public static CardTable OfModels(IReadOnlyList<Card> cards) => new(
        [
            new("card", "VARCHAR", "", "Name of the card, which is its model's."),
            new("card_title", "VARCHAR", "", "The model's name in prose."),
            new("hub", "VARCHAR[]", "", "Repositories on the hub that hold it, by which a measured model finds it."),
            new("series", "VARCHAR", "", "Series it is of; null without one."),
            .. CardFields.All.Select(field => new CardColumn(field.Key, TypeOf(field.Kind), field.Unit, field.Description)),
        ],
        [
            .. from card in cards
               select (IReadOnlyList<object?>)[card.Model, card.Title, card.Hub.Cast<object?>().ToArray(), card.Series, .. CardFields.All.Select(field => Plain(field, card.Of(field.Key)?.Value))],
        ]);

    static string TypeOf(FieldKind kind) => kind switch
    {
        FieldKind.Number => "DOUBLE",
        FieldKind.Count => "BIGINT",
        FieldKind.Flag => "BOOLEAN",
        _ => "VARCHAR",
    };

    static object? Plain(CardField field, CardDatum? value) => value switch
    {
        null or CardDatum.None => null,
        CardDatum.Number { Value: var number } => field.Kind == FieldKind.Count ? (long)number : (object)number,
        CardDatum.Truth { Value: var truth } => truth,
        _ => value.ToString(),
    };
}
