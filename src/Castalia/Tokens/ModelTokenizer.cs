using Castalia.Checkpoints;

namespace Castalia.Tokens;

/// <summary>The tokenizer that comes with a checkpoint.</summary>
public static class ModelTokenizer
{
    /// <summary>Reads tokenizer.json beside the weights, or the vocabulary inside a GGUF file.</summary>
    /// <returns>The tokenizer; null where the checkpoint has none.</returns>
    public static ITokenizer? Of(Checkpoint checkpoint)
    {
        bool isThere = checkpoint.Metadata is { } metadata
            ? metadata.Values.ContainsKey("tokenizer.ggml.tokens")
            : File.Exists(Path.Combine(checkpoint.Path, "tokenizer.json"));
        return isThere ? throw new NotImplementedException() : null;
    }
}
