using Castalia.Prompts;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What a network is measured on: beginnings of texts it was not trained on, as many of each kind of context, with the true entropy of what follows.</summary>
static class TwinPrompts
{
    /// <summary>The categories.</summary>
    public const string Settled = "settled", Open = "open", LongRange = "long-range";

    /// <summary>Most prompts of a set.</summary>
    public const int Most = 3 * EachKind;

    const int EachKind = 40;

    const ulong Seed = 0x5EED_0F_7E575; // of texts that no training reads: its seeds are a plan's

    /// <summary>The name of the set, for the run.</summary>
    public static string Name(LanguageOptions language) => FormattableString.Invariant($"language {language.Seed}, {language.Vocabulary} tokens, {language.Settled} settled");

    /// <summary>40 prompts for each of settled, open and long-range, each from a text of its own that is at least half as long as those in training.</summary>
    public static IReadOnlyList<Prompt> Of(Language language, int tokens)
    {
        List<Prompt> prompts = [];
        long text = 0;
        foreach (string category in new[] { Settled, Open, LongRange })
            for (int n = 0; n < EachKind; text++)
            {
                var candidate = language.Text(Seed, text, tokens);
                int at = Enumerable.Range(tokens / 2, tokens - tokens / 2).LastOrDefault(t => Category(candidate.After[t].Kind) == category, -1);
                if (at < 0) continue;
                n++;
                prompts.Add(new()
                {
                    Name = FormattableString.Invariant($"{category} {n}"),
                    Category = category,
                    Ids = [.. candidate.Ids.Take(at + 1)],
                    TrueEntropy = candidate.After[at].Entropy,
                    Place = FormattableString.Invariant($"the language's text {text}"),
                });
            }
        return prompts;
    }

    static string Category(ContextKind kind) => kind switch
    {
        ContextKind.Settled => Settled,
        ContextKind.Open => Open,
        _ => LongRange,
    };
}
