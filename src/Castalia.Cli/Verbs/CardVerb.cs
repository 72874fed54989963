using System.CommandLine;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Prints how published models were made, as far as it is known.</summary>
static class CardVerb
{
    static readonly Argument<string[]> Models = new("MODEL")
    {
        Description = "Models by their cards' names or repositories on the hub, or a card of your own, a .yaml file as docs/cards.md describes. One: its card. Several: in what they differ.",
        HelpName = "MODEL",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Build()
    {
        Models.CompletionSources.Add(_ => ModelCards.BuiltIn.Select(card => new System.CommandLine.Completions.CompletionItem(card.Model)));
        var command = new Command("card", "Print how a published model was trained, every value with its source and certainty; of several, the differences.") { Models };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(() =>
        {
            List<Card> cards = [.. parse.GetValue(Models)!.Select(Card)];
            PageOptions.Write(parse, () => JsonText.Node(CardsDocument.Of(cards), CardJson.Default), () => cards.Count == 1 ? CardReport.Of(cards[0]) : CardReport.Of(CardComparison.Of(cards)));
        }));
        return command;
    }

    static Card Card(string named) => named.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || named.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) ? ModelCards.Read(named) : ModelCards.Named(named);
}
