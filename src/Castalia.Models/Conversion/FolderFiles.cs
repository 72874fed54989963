using Castalia.Checkpoints;

namespace Castalia.Conversion;

/// <summary>What lies beside the weights of a Hugging Face folder.</summary>
static class FolderFiles
{
    /// <summary>Files that go with the weights, copied byte for byte: of the tokenizer, of sampling, of the licence.</summary>
    static readonly string[] Copied =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "tokenizer.model", "tokenizer.model.v3", "spiece.model", "sentencepiece.bpe.model", "tekken.json", "chat_template.json",
        "chat_template.jinja", "generation_config.json",
    ];

    static readonly string[] CopiedBeginnings = ["LICENSE", "LICENCE", "NOTICE", "USE_POLICY"];

    /// <summary>Copies them.</summary>
    /// <returns>The names copied, and those of files that stayed behind; weights and config are neither.</returns>
    public static (IReadOnlyList<string> Copied, IReadOnlyList<string> Left) Copy(Checkpoint checkpoint, string to)
    {
        var read = checkpoint.Files.Select(file => Path.GetFileName(file.Path)).ToHashSet(StringComparer.Ordinal);
        List<string> copied = [], left = [];
        foreach (string file in Directory.GetFiles(checkpoint.Path).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            if (read.Contains(name) || name == "config.json" || name.StartsWith('.')) continue;
            if (!IsCopied(name))
            {
                left.Add(name);
                continue;
            }
            // Not File.Copy, which would copy a write protection too.
            using (var from = InputFile.Open(file))
            using (var copy = File.Create(Path.Combine(to, name)))
                from.CopyTo(copy);
            copied.Add(name);
        }
        return (copied, left);
    }

    static bool IsCopied(string name) =>
        Copied.Contains(name, StringComparer.Ordinal) ||
        CopiedBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
}
