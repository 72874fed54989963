using System.Globalization;
using Castalia.Cards;
using Castalia.Literature;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia card</c> prints for people.</summary>
static class CardReport
{
    /// <summary>One model's card: every field with its value, how it is known and where it is from.</summary>
    public static Page Of(Card card) => new(Blocks(card));

    /// <summary>Cards side by side: in what they differ, what could follow for the last block, and what cannot be said.</summary>
    public static Page Of(CardComparison comparison) => new(Blocks(comparison));

    static IEnumerable<PageBlock> Blocks(Card card)
    {
        yield return new Heading(card.Title);
        yield return new Paragraph(card.Hub.Count == 0 ? "No repository on the hub is known to hold it." : $"On the hub: {string.Join(", ", card.Hub)}.");
        foreach (var section in card.Values.GroupBy(value => value.Field.Section))
        {
            yield return new Gap();
            yield return new Heading(section.Key, Level: 2);
            yield return new Facts([.. section.Select(value => (value.Field.Key, Said(value)))], LabelWidth);
        }
        yield return new Gap();
        yield return new Heading("sources", Level: 2);
        var sources = Sources([card]);
        yield return new Remarks([.. sources.Select((source, i) => FormattableString.Invariant($"[{i + 1}] {source}"))]);
        foreach (var block in Works(References.Of(card))) yield return block;

        string Said(CardValue value) =>
            Shown(value) +
            (value.Value is null ? "" : $" ({value.Certainty.Word()})") + $" {Numbers(value, Sources([card]))}" + (value.Note is { } note ? $" — {note}" : "");
    }

    const int LabelWidth = 26;

    /// <summary>A value as pages print it: counts with thousands apart, other numbers to four digits, with their unit.</summary>
    public static string Shown(CardValue value)
    {
        if (value.Value is not CardDatum.Number { Value: var number }) return value.Value?.ToString() ?? "unknown";
        string digits = value.Field.Key == "seed" ? value.Value.ToString()! : number < 10 ? number.ToString("G4", CultureInfo.InvariantCulture) : number.ToString(number >= 1000 || double.IsInteger(number) ? "N0" : "G4", CultureInfo.InvariantCulture);
        return value.Field.Unit == "" ? digits : $"{digits} {value.Field.Unit}";
    }

    static IEnumerable<PageBlock> Blocks(CardComparison comparison)
    {
        var sources = Sources(comparison.Cards);
        yield return new Heading(string.Join(" and ", comparison.Cards.Select(card => card.Title)));
        yield return new Paragraph($"{Figures.Of(comparison.Differences.Count(), "field")} differ, {comparison.Rows.Count(row => row.Agreement == FieldAgreement.Same)} agree, and of {comparison.Undecided.Count()} " +
            "it cannot be said, for one of them is unknown.");
        foreach (var section in comparison.Differences.GroupBy(row => row.Field.Section))
        {
            yield return new Gap();
            yield return new Table([section.Key, .. comparison.Cards.Select(card => Column.Prose(card.Model))],
                [.. section.Select(row => (IReadOnlyList<Cell>)[row.Field.Key, .. row.Values.Select(value => value is null ? (Cell)Figures.Missing : $"{Shown(value)} {Numbers(value, sources)}")])]);
        }
        var remarks = comparison.Differences.Where(row => row.Remark is not null).ToList();
        if (remarks.Count > 0)
        {
            yield return new Gap();
            yield return new Heading("what could follow for the last block", Level: 2);
            yield return new Remarks([.. remarks.Select(row => $"{row.Field.Key}: {row.Remark!.Text} [{string.Join("; ", row.Remark.Sources.Concat(References.Of(row.Remark).Select(work => work.Citation)))}]")]);
        }
        yield return new Gap();
        yield return new Paragraph($"It cannot be said of: {string.Join(", ", comparison.Undecided.Select(row => row.Field.Key).DefaultIfEmpty("nothing"))}.");
        yield return new Gap();
        yield return new Heading("sources", Level: 2);
        yield return new Remarks([.. sources.Select((source, i) => FormattableString.Invariant($"[{i + 1}] {source}"))]);
    }

    static IEnumerable<PageBlock> Works(IReadOnlyList<Work> works)
    {
        if (works.Count == 0) yield break;
        yield return new Remarks([.. works.Select(work => $"{work.Citation}: {work.Verified.InWords()}.")]);
    }

    static List<string> Sources(IReadOnlyList<Card> cards) => [.. cards.SelectMany(card => card.Values).SelectMany(value => value.Sources).Select(source => source.Text).Distinct()];

    static string Numbers(CardValue value, List<string> sources) => string.Concat(value.Sources.Select(source => FormattableString.Invariant($"[{sources.IndexOf(source.Text) + 1}]")));
}
