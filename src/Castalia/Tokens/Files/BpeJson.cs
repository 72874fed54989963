using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>model</c> of a tokenizer.json.</summary>
static class BpeJson
{
    /// <summary>A byte-pair model.</summary>
    /// <exception cref="InputException">Damaged, or a feature that is not supported.</exception>
    public static BpeParts Read(TokenizerNode model)
    {
        model.Only("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges",
            "vocab", "merges");
        if (model.Some("dropout") is { } dropout && !(dropout.Element.TryGetDouble(out double share) && share == 0))
            throw dropout.Unsupported($"BPE dropout of {dropout.Element}");
        var vocabulary = Vocabulary(model.Get("vocab"));
        string prefix = model.Some("continuing_subword_prefix")?.Text ?? "";
        return new BpeParts
        {
            Vocabulary = vocabulary,
            Merges = Merges(model.Get("merges"), vocabulary, prefix),
            UnknownId = Unknown(model, vocabulary),
            FuseUnknown = model.Flag("fuse_unk"),
            ByteFallback = model.Flag("byte_fallback"),
            IgnoreMerges = model.Flag("ignore_merges"),
            SubwordPrefix = prefix,
            WordSuffix = model.Some("end_of_word_suffix")?.Text ?? "",
        };
    }

    /// <summary>An object of pieces and ids.</summary>
    public static Dictionary<string, int> Vocabulary(TokenizerNode vocab)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var (piece, id) in vocab.Members())
        {
            if (id.Id is var number && !ids.Add(number)) throw vocab.Wrong($"Id {number} stands twice, the second time for '{piece}'.");
            vocabulary.Add(piece, number);
        }
        return vocabulary.Count > 0 ? vocabulary : throw vocab.Wrong("The vocabulary is empty.");
    }

    static List<(int, int, int)> Merges(TokenizerNode merges, Dictionary<string, int> vocabulary, string prefix)
    {
        var list = new List<(int, int, int)>();
        foreach (var merge in merges.Items())
        {
            string[] pair = merge.Element.ValueKind == JsonValueKind.Array ? [.. merge.Items().Select(part => part.Text)] : merge.Text.Split(' ');
            if (pair is not [string left, string right]) throw merges.Wrong($"Merge {list.Count + 1} is not a pair: '{merge.Element}'.");
            list.Add(Merge(left, right, prefix, vocabulary) ??
                throw merges.Wrong($"Merge {list.Count + 1} needs '{MissingOf(left, right, prefix, vocabulary)}', which is not in the vocabulary."));
        }
        return list;
    }

    /// <summary>Two pieces and what they become, as ids; null where one of the three is not in the vocabulary.</summary>
    public static (int Left, int Right, int Whole)? Merge(string left, string right, string prefix, IReadOnlyDictionary<string, int> vocabulary) =>
        vocabulary.TryGetValue(left, out int l) && vocabulary.TryGetValue(right, out int r) && vocabulary.TryGetValue(Joined(left, right, prefix), out int whole)
            ? (l, r, whole)
            : null;

    /// <summary>The first of a merge's three pieces that is not in the vocabulary.</summary>
    public static string MissingOf(string left, string right, string prefix, IReadOnlyDictionary<string, int> vocabulary) =>
        new[] { left, right, Joined(left, right, prefix) }.First(piece => !vocabulary.ContainsKey(piece));

    // The reference cuts the prefix's length off the right piece, whatever stands there.
    static string Joined(string left, string right, string prefix) => left + right[Math.Min(prefix.Length, right.Length)..];

    static int? Unknown(TokenizerNode model, Dictionary<string, int> vocabulary) => model.Some("unk_token") is not { } token
        ? null
        : vocabulary.TryGetValue(token.Text, out int id) ? id : throw token.Wrong($"The unknown token '{token.Text}' is not in the vocabulary.");
}
