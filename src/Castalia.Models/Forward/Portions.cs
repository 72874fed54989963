using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>Consecutive prompts that go through a model together.</summary>
static class Portions
{
    /// <summary>All prompts in order, in portions of at most so many tokens; a prompt of more is alone. At least one portion.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="tokens">Tokens of a portion.</param>
    public static IReadOnlyList<IReadOnlyList<TokenizedPrompt>> Of(IReadOnlyList<TokenizedPrompt> prompts, int tokens)
    {
        if (prompts.Sum(prompt => (long)prompt.Ids.Count) <= tokens) return [prompts];
        var portions = new List<IReadOnlyList<TokenizedPrompt>>();
        var portion = new List<TokenizedPrompt>();
        long held = 0;
        foreach (var prompt in prompts)
        {
            if (portion.Count > 0 && held + prompt.Ids.Count > tokens)
            {
                portions.Add(portion);
                (portion, held) = ([], 0);
            }
            portion.Add(prompt);
            held += prompt.Ids.Count;
        }
        portions.Add(portion);
        return portions;
    }
}
