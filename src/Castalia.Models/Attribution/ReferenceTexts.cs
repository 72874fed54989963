using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>Texts that prompts are compared with, as the model is fed them.</summary>
/// <param name="Name">Of the set, or the file's path.</param>
/// <param name="Texts">The texts with their ids.</param>
sealed record ReferenceTexts(string Name, IReadOnlyList<TokenizedPrompt> Texts)
{
    /// <summary>Positions that count: all but the first of each.</summary>
    public int Positions => Texts.Sum(text => text.Ids.Count - 1);

    /// <summary>Refuses a set that holds one of the prompts, or no position that counts.</summary>
    /// <exception cref="InputException">It does.</exception>
    public void Check(IReadOnlyList<TokenizedPrompt> prompts)
    {
        if (Positions <= 0) throw AttributionErrors.NoReference(Name);
        var ids = Texts.GroupBy(text => string.Join(' ', text.Ids)).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        var words = Texts.Where(text => text.Prompt.Text is not null).GroupBy(text => text.Prompt.Text!).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        foreach (var prompt in prompts)
        {
            var held = ids.GetValueOrDefault(string.Join(' ', prompt.Ids)) ?? (prompt.Prompt.Text is { } text ? words.GetValueOrDefault(text) : null);
            if (held is not null) throw AttributionErrors.ReferenceHoldsPrompt(Name, held.Prompt, prompt.Prompt);
        }
    }
}
