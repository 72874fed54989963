using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Finds and opens tokenizers.</summary>
public static class TokenizerFile
{
    const string Json = "tokenizer.json", Vocabulary = "vocab.json", Merges = "merges.txt", Model = "tokenizer.model";

    /// <summary>
    /// The tokenizer at a path: a <c>tokenizer.json</c>, a <c>vocab.json</c> with its merges, a <c>tokenizer.model</c>, a folder with one
    /// of them (the first in this order) or a GGUF file.
    /// </summary>
    /// <exception cref="InputException">None there, or a feature that is not supported.</exception>
    public static ITokenizer Open(string path)
    {
        if (File.Exists(path) && InputFile.KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        if (File.Exists(path) && !path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) return Load(path);
        if (Directory.Exists(path) && Directory.GetFiles(path, "*.gguf").Length == 0 && InFolder(path) is { } tokenizer) return tokenizer;
        if (!File.Exists(path) && !Directory.Exists(path)) throw TokenizerErrors.NotThere(path);
        using var checkpoint = Checkpoint.Open(path);
        return ForCheckpoint(checkpoint) ?? throw TokenizerErrors.NoTokenizer(path);
    }

    /// <summary>A checkpoint's own tokenizer: the vocabulary inside a GGUF file, else the files beside the weights; null for neither.</summary>
    /// <exception cref="InputException">A feature that is not supported.</exception>
    public static ITokenizer? ForCheckpoint(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } metadata && metadata.FindString("tokenizer.ggml.model") is not null and not "none" and not "no_vocab")
            return Malformed.Unless(checkpoint.Files[0].Path, () => GgufVocabulary.Read(metadata, checkpoint.Files[0].Path));
        string folder = Directory.Exists(checkpoint.Path) ? checkpoint.Path : Path.GetDirectoryName(checkpoint.Path)!;
        return checkpoint.Metadata is null || Directory.Exists(checkpoint.Path) ? InFolder(folder) : null;
    }

    /// <summary>Reads a tokenizer's file, with <c>tokenizer_config.json</c> beside it where there is one.</summary>
    /// <exception cref="InputException">Not such a file, or a feature that is not supported.</exception>
    public static ITokenizer Load(string path)
    {
        if (!File.Exists(path)) throw TokenizerErrors.NotThere(path);
        path = Path.GetFullPath(path);
        return Malformed.Unless(path, () => Read(path));
    }

    static ITokenizer Read(string path)
    {
        if (path.EndsWith(".model", StringComparison.OrdinalIgnoreCase)) return new SentencePieceTokenizer(SentencePieceFile.Read(path));
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) throw TokenizerErrors.OtherFile(path);
        return new PipelineTokenizer(Path.GetFileName(path) == Vocabulary ? VocabAndMerges.Read(path) : TokenizerJson.Read(path));
    }

    static ITokenizer? InFolder(string folder)
    {
        string json = Path.Combine(folder, Json), vocabulary = Path.Combine(folder, Vocabulary), model = Path.Combine(folder, Model);
        if (File.Exists(json)) return Load(json);
        if (File.Exists(vocabulary) && File.Exists(Path.Combine(folder, Merges))) return Load(vocabulary);
        return File.Exists(model) ? Load(model) : null;
    }
}
