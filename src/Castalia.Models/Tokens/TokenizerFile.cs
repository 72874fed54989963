using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Finds and opens tokenizers.</summary>
static class TokenizerFile
{
    const string Json = "tokenizer.json", Vocabulary = "vocab.json", Merges = "merges.txt", Model = "tokenizer.model";

    /// <summary>
    /// The tokenizer at a path: a <c>tokenizer.json</c>, a <c>vocab.json</c> with its merges, a <c>tokenizer.model</c>, a folder with one
    /// of them (the first in this order) or a GGUF file. Weights are not looked at, and need not be there.
    /// </summary>
    /// <exception cref="InputException">None there, or a feature that is not supported.</exception>
    public static ITokenizer Open(string path)
    {
        path = Path.GetFullPath(path);
        bool isFolder = Directory.Exists(path);
        if (!isFolder && InputFile.KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        if (!isFolder && !File.Exists(path)) throw TokenizerErrors.NotThere(path);
        if (!isFolder && !path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) return Load(path);
        string? gguf = isFolder ? Checkpoint.GgufIn(path) : path, folder = isFolder ? path : null;
        var tokenizer = gguf is null ? InFolder(path) : Malformed.Unless(gguf, () => OfGguf(GgufModel.ReadMetadata(gguf), folder));
        return tokenizer ?? throw TokenizerErrors.NoTokenizer(path);
    }

    /// <summary>A checkpoint's own tokenizer: the vocabulary inside a GGUF file, else the files beside the weights; null for neither.</summary>
    /// <exception cref="InputException">A feature that is not supported.</exception>
    public static ITokenizer? ForCheckpoint(Checkpoint checkpoint)
    {
        bool isFolder = Directory.Exists(checkpoint.Path);
        return checkpoint.Metadata is { } metadata
            ? OfGguf(metadata, isFolder ? checkpoint.Path : null)
            : InFolder(isFolder ? checkpoint.Path : Path.GetDirectoryName(checkpoint.Path)!);
    }

    /// <summary>The vocabulary inside a GGUF file; where it holds none, or one that is not read, the files of a folder that was named, if they hold the same tokens.</summary>
    static ITokenizer? OfGguf(GgufMetadata metadata, string? folder)
    {
        if (metadata.FindString("tokenizer.ggml.model") is null or "none" or "no_vocab") return folder is null ? null : InFolder(folder);
        try
        {
            return Malformed.Unless(metadata.Path, () => GgufVocabulary.Read(metadata, metadata.Path));
        }
        catch (InputException e) when (folder is not null && TokenizerErrors.IdsWouldDo(e))
        {
            if (InFolder(folder) is not { } beside) throw;
            GgufVocabulary.CheckSameTokens(beside, metadata);
            return beside;
        }
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
