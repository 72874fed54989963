namespace Castalia.Prompts;

/// <summary>One prompt as the user gave it: a text or token ids.</summary>
sealed record Prompt
{
    /// <summary>Name, unique in its set: the file's own, else the number of the prompt from 1.</summary>
    public required string Name { get; init; }

    /// <summary>Category; null where the file gives none.</summary>
    public string? Category { get; init; }

    /// <summary>The text; null where ids were given.</summary>
    public string? Text { get; init; }

    /// <summary>The ids; null where a text was given.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>Entropy of the true distribution of the token that follows, nats; null where nobody knows, as of any natural text.</summary>
    public double? TrueEntropy { get; init; }

    /// <summary>File and line, for messages.</summary>
    public required string Place { get; init; }
}

/// <summary>A prompt as the model is fed: ids, and where they came from.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Ids">Every id fed, special tokens included; never empty.</param>
/// <param name="Added">How many of them stand before the text because of the BOS policy.</param>
/// <param name="DroppedBytes">Bytes of the text the tokenizer has no token for.</param>
sealed record TokenizedPrompt(Prompt Prompt, IReadOnlyList<int> Ids, int Added, int DroppedBytes);
