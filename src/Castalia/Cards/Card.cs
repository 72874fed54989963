namespace Castalia.Cards;

/// <summary>Where a value is from.</summary>
/// <param name="Text">The document and the place in it.</param>
/// <param name="Literature">Its id in the bibliography; null where it is not there.</param>
sealed record CardSource(string Text, string? Literature);

/// <summary>What a card says of one field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The value; null where it is unknown.</param>
/// <param name="Certainty">How it is known.</param>
/// <param name="Sources">Where it is from, at least one; of an unknown one, where it was looked for.</param>
/// <param name="Note">What must be known to read it rightly; null without.</param>
/// <param name="Place">File, line and column; of a computed one the card's.</param>
sealed record CardValue(CardField Field, CardDatum? Value, Certainty Certainty, IReadOnlyList<CardSource> Sources, string? Note, string Place);

/// <summary>What is known of how a published model was made.</summary>
/// <remarks>Read from a file, see docs/cards.md; what follows from a schedule or a rule is computed, see <see cref="ComputedFields"/>.</remarks>
sealed record Card
{
    /// <summary>Its name, as people write it on a command line: pythia-6.9b.</summary>
    public required string Model { get; init; }

    /// <summary>Its name in prose.</summary>
    public required string Title { get; init; }

    /// <summary>The series it is of, as the base of its bases says; null without one.</summary>
    public required string? Series { get; init; }

    /// <summary>Repositories on the hub that hold it, by which a measured model finds its card.</summary>
    public required IReadOnlyList<string> Hub { get; init; }

    /// <summary>What it says, in the order of <see cref="CardFields.All"/>; fields that it does not speak of are left out.</summary>
    public required IReadOnlyList<CardValue> Values { get; init; }

    /// <summary>The learning rate over the steps; null where a part of it is unknown.</summary>
    public required LearningRateSchedule? Schedule { get; init; }

    /// <summary>Where it begins: file, line and column.</summary>
    public required string Place { get; init; }

    /// <summary>What it says of a field; null where it does not speak of it.</summary>
    public CardValue? Of(string field) => Values.FirstOrDefault(value => value.Field.Key == field);

    /// <summary>A known number; null where it is unknown, none, or no number.</summary>
    public double? Number(string field) => (Of(field)?.Value as CardDatum.Number)?.Value;

    /// <summary>Known words; null where they are unknown, none, or no words.</summary>
    public string? Words(string field) => (Of(field)?.Value as CardDatum.Words)?.Value;
}
