using Castalia.Prompts;

namespace Castalia;

/// <summary>Which positions of a sequence.</summary>
public enum PositionRange
{
    /// <summary>The last token.</summary>
    Last,
    /// <summary>Every token.</summary>
    All,
}

/// <summary>Token ids as a model is fed them.</summary>
/// <example>
/// <code>
/// TokenSequence sequence = TokenSequence.Of(1, 2, 3);
/// Show(sequence.Ids, sequence.Text, sequence.Added, sequence.DroppedBytes);
/// </code>
/// </example>
public sealed class TokenSequence
{
    internal TokenSequence(IReadOnlyList<int> ids, string? text, int added, int droppedBytes) => (Ids, Text, Added, DroppedBytes) = (ids, text, added, droppedBytes);

    /// <summary>The ids, those that were put around the text included.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>The text; null where ids were given.</summary>
    public string? Text { get; }

    /// <summary>How many ids stand before the text that are none of it, as beginning of sequence.</summary>
    public int Added { get; }

    /// <summary>Bytes of the text that the tokenizer has no token for, and that are not in the ids.</summary>
    public int DroppedBytes { get; }

    /// <summary>A sequence of ids.</summary>
    /// <param name="ids">At least one, each a row of the model's embedding.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <example><code>Show(TokenSequence.Of(1, 2, 3).Ids.Count);</code></example>
    public static TokenSequence Of(params ReadOnlySpan<int> ids) => ids.Length == 0 ? throw Misuse.NoIds(nameof(ids)) : new([.. ids], null, 0, 0);

    /// <summary>The sequences as the passes take them.</summary>
    internal static TokenizedPrompt[] Fed(ReadOnlySpan<TokenSequence> sequences)
    {
        if (sequences.Length == 0) throw Misuse.NothingToRun(nameof(sequences));
        var fed = new TokenizedPrompt[sequences.Length];
        for (int i = 0; i < fed.Length; i++)
        {
            var sequence = sequences[i];
            ArgumentNullException.ThrowIfNull(sequence, nameof(sequences));
            fed[i] = new(new() { Name = FormattableString.Invariant($"{i + 1}"), Text = sequence.Text, Ids = sequence.Text is null ? sequence.Ids : null, Place = FormattableString.Invariant($"sequence {i}") }, sequence.Ids, sequence.Added, sequence.DroppedBytes);
        }
        return fed;
    }
}
