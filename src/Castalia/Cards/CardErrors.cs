using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Cards;

/// <summary>What can be wrong with a card, and with what is asked of the cards.</summary>
static class CardErrors
{
    /// <summary>What a card's file holds.</summary>
    public static readonly YamlFormat Format = new("card", "a", "docs/cards.md");

    /// <summary>A value of another type than its field's.</summary>
    public static InputException WrongType(string place, string field, string found, string expected) => new(
        $"'{field}' is {found}; {expected} was expected.", place, $"Write it so, or none where the model has none of it. {Format.Pointer}");

    /// <summary>An unknown value that has one, or a known one that has none.</summary>
    public static InputException UnknownWithValue(string place, string field) => new(
        $"'{field}' is unknown and has a value.", place, $"Say how it is known, or leave the value out. {Format.Pointer}");

    /// <summary>A source that the card does not list.</summary>
    public static InputException NoSuchSource(string place, string source, IEnumerable<string> known) => new(
        $"'{source}' is no source of this card.", place, known.Any() ? $"Its sources are {string.Join(", ", known)}; add it under 'sources'." : "Add it under 'sources'.");

    /// <summary>A field in two places.</summary>
    public static InputException StatedTwice(string place, string field, string other) => new(
        $"'{field}' is stated twice.", place, $"The other is {other}; keep one.");

    /// <summary>A stated value that the card's other values contradict.</summary>
    public static InputException Contradicts(string place, string field, string stated, string computed, IEnumerable<string> from) => new(
        $"'{field}' is stated as {stated}, and {computed} follows from {string.Join(", ", from)}.", place, "Correct what is wrong, or leave the field out: it is computed.");

    /// <summary>A name or a base that is none.</summary>
    public static InputException NoSuchBase(string place, string name, string? nearest) => new(
        $"There is no card or series '{name}' to build on.", place, nearest is null ? $"Name one that ships. {Format.Pointer}" : $"Did you mean '{nearest}'?");

    /// <summary>Neither a model nor a series.</summary>
    public static InputException NoName(string place) => new(
        "It says neither 'model' nor 'series', or both.", place, $"A card names its model, a base for cards its series. {Format.Pointer}");

    /// <summary>Bases that lead back to where they began.</summary>
    public static InputException BaseCircle(string place, IEnumerable<string> path) => new(
        $"The bases lead back: {string.Join(" → ", path)}.", place, "Take one of them out.");

    /// <summary>A model's name that cannot be typed.</summary>
    public static InputException BadName(string place, string name) => new(
        $"'{name}' cannot be a model's name.", place, "Use lower-case letters, digits, points and hyphens, such as my-model-1.4b.");

    /// <summary>Two cards of a user's own that are of one model.</summary>
    public static InputException TwoOfOneModel(string place, string model, string other) => new(
        $"There are two cards of '{model}'.", place, $"The other is {other}; leave one out.");

    /// <summary>A name that is asked for and is not there.</summary>
    public static InputException NoSuchCard(string name, string? nearest, IEnumerable<string> known) => new(
        $"There is no card '{name}'.", "the cards that ship", nearest is null ? $"Known: {string.Join(", ", known)}." : $"Did you mean '{nearest}'?");

    /// <summary>A remark on no field of a card.</summary>
    public static InputException NoSuchField(string place, string field, string? nearest) => new(
        $"'{field}' is no field of a card.", place, nearest is null ? Format.Pointer : $"Did you mean '{nearest}'? {Format.Pointer}");

    /// <summary>Too few to compare.</summary>
    public static InputException NothingToCompare(int cards) => new(
        $"{cards} card is nothing to compare.", "the cards named", "Name two or more.");
}
