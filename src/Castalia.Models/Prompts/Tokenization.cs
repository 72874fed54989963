using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tokens;

namespace Castalia.Prompts;

/// <summary>Prompts as a model is fed them.</summary>
static class Tokenization
{
    /// <summary>The tokenizer of a checkpoint, for these prompts.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="prompts">The prompts.</param>
    /// <returns>The tokenizer, null where there is none; or null with the reason where it is of a kind that is not read and no prompt needs it.</returns>
    /// <exception cref="InputException">It is damaged, or of a kind that is not read and a prompt is a text.</exception>
    public static (ITokenizer? Tokenizer, string? UnreadBecause) TokenizerFor(Checkpoint checkpoint, IReadOnlyList<Prompt> prompts) =>
        TokenizerFor(() => TokenizerFile.ForCheckpoint(checkpoint), prompts);

    /// <summary>The same of a tokenizer that is read, or has been, by a function.</summary>
    internal static (ITokenizer? Tokenizer, string? UnreadBecause) TokenizerFor(Func<ITokenizer?> read, IReadOnlyList<Prompt> prompts)
    {
        try
        {
            return (read(), null);
        }
        // The remedy is to give ids, and they were given.
        catch (InputException e) when (TokenizerErrors.IdsWouldDo(e) && prompts.All(prompt => prompt.Ids is not null))
        {
            return (null, e.Cause);
        }
        // Not without it: entropies leave out the rows of the vocabulary that its tokens do not reach.
        catch (InputException e) when (prompts.All(prompt => prompt.Ids is not null))
        {
            throw TokenizerErrors.AlsoForIds(e);
        }
    }

    /// <summary>The ids of every prompt. Ids that the user gave are fed as they are, whatever the policy.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="tokenizer">The model's tokenizer; null where it has none.</param>
    /// <param name="bos">What is put around a text.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <exception cref="InputException">A text without a tokenizer; a policy the tokenizer cannot follow.</exception>
    public static IReadOnlyList<TokenizedPrompt> Of(IReadOnlyList<Prompt> prompts, ITokenizer? tokenizer, BosPolicy bos, string model) =>
        [.. prompts.Select(prompt => Of(prompt, tokenizer, bos, model))];

    /// <summary>The same for a model to read, stopping between prompts: a text of which nothing is left is refused, since what stands around it would be read in its place.</summary>
    /// <exception cref="InputException">The same; a text that holds nothing that the vocabulary has.</exception>
    internal static IReadOnlyList<TokenizedPrompt> UntilCancelled(
        IReadOnlyList<Prompt> prompts, ITokenizer? tokenizer, BosPolicy bos, string model, CancellationToken cancellation)
    {
        var tokenized = new TokenizedPrompt[prompts.Count];
        for (int i = 0; i < tokenized.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            tokenized[i] = Of(prompts[i], tokenizer, bos, model);
            if (tokenized[i].DroppedBytes > 0 && tokenizer!.Encode(prompts[i].Text!, out int dropped).Count == 0) throw TokenizationErrors.NothingLeft(prompts[i].Place, dropped, tokenizer.Source);
        }
        return tokenized;
    }

    static TokenizedPrompt Of(Prompt prompt, ITokenizer? tokenizer, BosPolicy bos, string model)
    {
        if (prompt.Ids is { } given) return new(prompt, given, Added: 0, DroppedBytes: 0);
        if (tokenizer is null) throw TokenizationErrors.NoTokenizer(prompt.Place, model);
        var ids = tokenizer.Encode(prompt.Text!, out int droppedBytes);
        switch (bos)
        {
            case BosPolicy.None:
                return new(prompt, ids, 0, droppedBytes);
            case BosPolicy.Default:
                return new(prompt, [.. tokenizer.DefaultPrefix, .. ids, .. tokenizer.DefaultSuffix], tokenizer.DefaultPrefix.Count, droppedBytes);
            case BosPolicy.Always:
                int token = tokenizer.BosId ?? throw TokenizationErrors.NoBos(tokenizer.Source);
                return ids.Count > 0 && ids[0] == token // typed in the text: once is enough
                    ? new(prompt, ids, 0, droppedBytes)
                    : new(prompt, [token, .. ids], 1, droppedBytes);
            default:
                throw new ArgumentOutOfRangeException(nameof(bos), bos, null);
        }
    }
}
