using Castalia.Errors;

namespace Castalia.Cards;

/// <summary>How the cards stand to each other in one field.</summary>
enum FieldAgreement
{
    /// <summary>All know it, and say the same.</summary>
    Same,
    /// <summary>Two that know it say different things.</summary>
    Different,
    /// <summary>Those that know it say the same, and another does not know it or does not speak of it.</summary>
    Open,
}

/// <summary>One field of compared cards.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">What each says, in the order of the cards; null where it does not speak of it.</param>
/// <param name="Agreement">How they stand to each other.</param>
/// <param name="Remark">What could follow for the last block; null where they do not differ or nothing is documented.</param>
sealed record CardComparisonRow(CardField Field, IReadOnlyList<CardValue?> Values, FieldAgreement Agreement, FieldRemark? Remark);

/// <summary>Cards side by side.</summary>
/// <param name="Cards">The cards, at least two.</param>
/// <param name="Rows">Every field that one of them speaks of.</param>
sealed record CardComparison(IReadOnlyList<Card> Cards, IReadOnlyList<CardComparisonRow> Rows)
{
    /// <summary>The rows in which they differ.</summary>
    public IEnumerable<CardComparisonRow> Differences => Rows.Where(row => row.Agreement == FieldAgreement.Different);

    /// <summary>The rows in which it cannot be said whether they differ.</summary>
    public IEnumerable<CardComparisonRow> Undecided => Rows.Where(row => row.Agreement == FieldAgreement.Open);

    /// <summary>The comparison.</summary>
    /// <param name="cards">Two cards or more; numbers are the same where they are equal to the bit.</param>
    /// <exception cref="InputException">Fewer than two.</exception>
    public static CardComparison Of(IReadOnlyList<Card> cards)
    {
        if (cards.Count < 2) throw CardErrors.NothingToCompare(cards.Count);
        var rows = from field in CardFields.All
                   let values = cards.Select(card => card.Of(field.Key)).ToList()
                   where values.Any(value => value is not null)
                   let agreement = Agreement(values)
                   select new CardComparisonRow(field, values, agreement, agreement == FieldAgreement.Different ? FieldRemarks.Of(field.Key) : null);
        return new(cards, [.. rows]);
    }

    static FieldAgreement Agreement(List<CardValue?> values)
    {
        var known = values.Select(value => value?.Value).OfType<CardDatum>().ToList();
        return known.Distinct().Count() > 1 ? FieldAgreement.Different : known.Count == values.Count ? FieldAgreement.Same : FieldAgreement.Open;
    }
}
