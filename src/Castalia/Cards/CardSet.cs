namespace Castalia.Cards;

/// <summary>Cards among which measured models find theirs.</summary>
/// <param name="Cards">The cards, each of another model.</param>
sealed record CardSet(IReadOnlyList<Card> Cards)
{
    /// <summary>Those that ship.</summary>
    public static CardSet Shipped { get; } = new(ModelCards.BuiltIn);

    /// <summary>The user's own before those that ship; one of the same model takes its place.</summary>
    /// <param name="paths">Files of cards.</param>
    /// <exception cref="InputException">A file is no card, or two are of one model.</exception>
    public static CardSet With(IReadOnlyList<string> paths)
    {
        List<Card> own = [];
        foreach (var card in paths.Select(ModelCards.Read))
        {
            if (own.Find(other => other.Model == card.Model) is { } other) throw CardErrors.TwoOfOneModel(card.Place, card.Model, other.Place);
            own.Add(card);
        }
        return new([.. own, .. Shipped.Cards.Where(card => own.TrueForAll(other => other.Model != card.Model))]);
    }

    /// <summary>The card of a model, by its name or a repository's on the hub, whatever the case of the letters; null where there is none.</summary>
    public Card? Find(string name) => Cards.FirstOrDefault(card => ModelCards.NamesOf(card).Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The card of a measured model: by its repository; by its name only where no repository is known, so that one trained further is not taken for its base.</summary>
    /// <param name="repository">Repository on the hub; null where a path was named.</param>
    /// <param name="name">The model's name.</param>
    public Card? OfMeasured(string? repository, string name) => Find(repository ?? name);
}
