using Castalia.Cards;
using Xunit;

namespace Castalia.Tests.Cards;

/// <summary>docs/cards.md says what the reader does.</summary>
public sealed class CardsDocumentTests
{
    static readonly string s_page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "cards.md"));

    [Fact]
    public void Every_field_stands_there_with_what_it_is()
    {
        foreach (var field in CardFields.All)
            Assert.Contains($"| {field.Section} | `{field.Key}` | {Holds(field)} | {field.Description}{(field.IsComputed ? " Computed." : "")} |\n", s_page);
    }

    [Fact]
    public void The_card_that_it_shows_is_one()
    {
        string yaml = s_page.Split("```yaml\n")[1].Split("```")[0];
        var card = WrittenCard.Read(yaml);
        Assert.Equal(("my-model-1b", "My corpus", "gpt2-family"), (card.Model, card.Words("corpus"), card.Series));
        Assert.Equal("sequential", card.Words("wiring"));
    }

    [Fact]
    public void What_it_says_of_schedules_is_so()
    {
        Assert.Contains($"flat from step {ModelCards.Named("pythia-6.9b").Number("flat_from_step"):N0} of 143,000", s_page);
        Assert.Contains($"reaches it at step {ModelCards.Named("gpt-j-6b").Number("flat_from_step"):N0} of 383,500", s_page);
        Assert.Contains($"cards of {ModelCards.BuiltIn.Count} published models", s_page);
        Assert.Contains($"leaves {InitialisationRule.Truncation:0.0000} of the nominal one", s_page.ReplaceLineEndings(" "));
    }

    static string Holds(CardField field)
    {
        string holds = field.Kind switch
        {
            FieldKind.Text => "text",
            FieldKind.Word => string.Join(", ", field.Known),
            FieldKind.Number => "number",
            FieldKind.Count => "whole number",
            FieldKind.Flag => "true or false",
            FieldKind.List => "list",
            _ => "rule",
        };
        return field.Unit.Length == 0 ? holds : $"{holds}, {field.Unit}";
    }
}
