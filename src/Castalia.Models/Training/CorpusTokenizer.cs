using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;

namespace Castalia.Training;

/// <summary>Lays a tokenizer's files where checkpoints will be, so that whatever reads them tokenises as the training did.</summary>
static class CorpusTokenizer
{
    const string Vocabulary = "vocab.json", Merges = "merges.txt";

    /// <summary>What is read first of a folder, as TokenizerFile does.</summary>
    static readonly string[] s_kinds = ["tokenizer.json", Vocabulary, "tokenizer.model"];

    static readonly string[] s_beside = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>Copies the files of a tokenizer, or writes those of a vocabulary inside a GGUF file.</summary>
    /// <param name="path">What TokenizerFile.Open takes, and has read.</param>
    /// <param name="folder">Where they go.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="InputException">A vocabulary that cannot be written as tokenizer.json.</exception>
    public static IReadOnlyList<string> Lay(string path, string folder)
    {
        path = Path.GetFullPath(path);
        bool isFolder = Directory.Exists(path);
        if ((isFolder ? Checkpoint.GgufIn(path) : path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? path : null) is { } gguf)
        {
            string? why = TokenizerWriter.Write(GgufModel.ReadMetadata(gguf), gguf, folder);
            return why is null ? [s_kinds[0], s_beside[0]] : throw CorpusErrors.NotWritten(path, why);
        }
        string from = isFolder ? path : Path.GetDirectoryName(path)!;
        string kind = isFolder ? s_kinds.First(name => File.Exists(Path.Combine(from, name)) && (name != Vocabulary || File.Exists(Path.Combine(from, Merges)))) : Path.GetFileName(path);
        string name = isFolder || s_kinds.Contains(kind) ? kind : path.EndsWith(".model", StringComparison.OrdinalIgnoreCase) ? s_kinds[^1] : s_kinds[0];
        List<string> laid = [name];
        Copy(Path.Combine(from, kind), Path.Combine(folder, name));
        foreach (string beside in kind == Vocabulary ? s_beside.Append(Merges) : s_beside)
        {
            if (!File.Exists(Path.Combine(from, beside))) continue;
            Copy(Path.Combine(from, beside), Path.Combine(folder, beside));
            laid.Add(beside);
        }
        return laid;
    }

    /// <summary>Not File.Copy, which would copy a write protection too.</summary>
    static void Copy(string from, string to)
    {
        using var source = InputFile.Open(from);
        using var copy = File.Create(to);
        source.CopyTo(copy);
    }
}
