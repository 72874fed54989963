namespace Castalia.Tokens;

/// <summary>Text to token ids and back, as the model's own tokenizer does it.</summary>
interface ITokenizer
{
    /// <summary>Where it was read from: a file, or "vocabulary inside FILE.gguf".</summary>
    string Source { get; }

    /// <summary>One more than the largest id it can produce; rows of the model's vocabulary from here on are padding.</summary>
    int IdCount { get; }

    /// <summary>The beginning-of-sequence token; null where the tokenizer names none.</summary>
    int? BosId { get; }

    /// <summary>What the tokenizer's own rules put before a text when special tokens are asked for (usually nothing, or BOS).</summary>
    IReadOnlyList<int> DefaultPrefix { get; }

    /// <summary>What the tokenizer's own rules put after a text when special tokens are asked for.</summary>
    IReadOnlyList<int> DefaultSuffix { get; }

    /// <summary>What a run must say about this tokenizer, e.g. "drops bytes its vocabulary lacks".</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>The ids of a text, no special tokens added; special tokens typed in the text are recognised.</summary>
    /// <param name="text">The text.</param>
    /// <param name="droppedBytes">Bytes of the normalised text that no token of the vocabulary covers and that are left out, as the reference does.</param>
    IReadOnlyList<int> Encode(string text, out int droppedBytes);

    /// <summary>The text of a token sequence, special tokens kept.</summary>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>A token as the vocabulary spells it (byte-level alphabet and all).</summary>
    /// <exception cref="InputException">The id stands for none.</exception>
    string Piece(int id);

    /// <summary>The same; null for an id that stands for no token: one of padding, or in a gap.</summary>
    string? FindPiece(int id) => id >= 0 && id < IdCount ? Piece(id) : null;
}

/// <summary>What is put before a text.</summary>
enum BosPolicy
{
    /// <summary>What the tokenizer's own rules add, before and after: what Hugging Face tools feed.</summary>
    Default,
    /// <summary>Nothing.</summary>
    None,
    /// <summary>BOS, once, whether or not the tokenizer's rules add it.</summary>
    Always,
}
