using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>What is derived beside the parts of G² − 1.</summary>
/// <remarks>Decompositions come from a room above: as functions.</remarks>
sealed record DerivedOptions
{
    /// <summary>Nothing.</summary>
    public static DerivedOptions None { get; } = new();

    /// <summary>Name of the reference set, or its file's path; null for none.</summary>
    public string? ReferenceName { get; init; }

    /// <summary>The reference texts.</summary>
    public IReadOnlyList<Prompt> Reference { get; init; } = [];

    /// <summary>Finds the principal components of the reference; null: they are left out.</summary>
    internal FindComponents? Components { get; init; }

    /// <summary>Makes the bands of the unembedding; null: they are left out.</summary>
    internal Func<Checkpoint, Architecture, ITokenizer?, UnembeddingBands>? Bands { get; init; }

    /// <summary>A file of directions; null for none.</summary>
    public string? DirectionsFile { get; init; }

    /// <summary>Whether its rows are made orthonormal.</summary>
    public bool Orthonormalise { get; init; }

    /// <summary>The reference texts as a model is fed them; null for none.</summary>
    /// <exception cref="InputException">A text that cannot be fed, or that is one of the prompts.</exception>
    internal ReferenceTexts? Tokenized(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, BosPolicy bos, string model, CancellationToken cancellation)
    {
        if (ReferenceName is null) return null;
        var texts = new ReferenceTexts(ReferenceName, Tokenization.UntilCancelled(Reference, tokenizer, bos, model, cancellation));
        PromptLimits.Check(texts.Texts, a);
        texts.Check(prompts);
        return texts;
    }
}
