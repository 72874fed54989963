using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Finds and opens tokenizers.</summary>
public static class TokenizerFile
{
    const string FileName = "tokenizer.json";

    /// <summary>The tokenizer at a path: a <c>tokenizer.json</c>, a checkpoint folder or a GGUF file.</summary>
    /// <exception cref="InputException">None there, or a feature that is not supported.</exception>
    public static ITokenizer Open(string path)
    {
        if (File.Exists(path) && !path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) return Load(path);
        if (Directory.Exists(path) && File.Exists(Path.Combine(path, FileName)) && Directory.GetFiles(path, "*.gguf").Length == 0)
            return Load(Path.Combine(path, FileName));
        if (!File.Exists(path) && !Directory.Exists(path)) throw TokenizerErrors.NotThere(path);
        using var checkpoint = Checkpoint.Open(path);
        return ForCheckpoint(checkpoint) ?? throw TokenizerErrors.NoTokenizer(path);
    }

    /// <summary>A checkpoint's own tokenizer: the vocabulary inside a GGUF file, else <c>tokenizer.json</c> beside the weights; null for neither.</summary>
    /// <exception cref="InputException">A feature that is not supported.</exception>
    public static ITokenizer? ForCheckpoint(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } metadata && metadata.FindString("tokenizer.ggml.model") is not null and not "none" and not "no_vocab")
            return GgufVocabulary.Read(metadata, checkpoint.Files[0].Path);
        string folder = Directory.Exists(checkpoint.Path) ? checkpoint.Path : Path.GetDirectoryName(checkpoint.Path)!;
        string file = Path.Combine(folder, FileName);
        return checkpoint.Metadata is null || Directory.Exists(checkpoint.Path) ? File.Exists(file) ? Load(file) : null : null;
    }

    /// <summary>Reads a <c>tokenizer.json</c>, with <c>tokenizer_config.json</c> beside it where there is one.</summary>
    /// <exception cref="InputException">Not such a file, or a feature that is not supported.</exception>
    public static ITokenizer Load(string path)
    {
        if (!File.Exists(path)) throw TokenizerErrors.NotThere(path);
        return new ByteLevelBpe(TokenizerJson.Read(Path.GetFullPath(path)));
    }
}
