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
        if (model.Some("dropout") is { AsksForNothing: false } dropout && dropout.Number != 0) throw dropout.Unsupported($"BPE dropout of {dropout.Element}");
        var vocabulary = Vocabulary(model.Get("vocab"));
        string prefix = Affix(model, "continuing_subword_prefix");
        return new BpeParts
        {
            Vocabulary = vocabulary,
            Merges = Merges(model.Get("merges"), vocabulary, prefix),
            UnknownId = Unknown(model, vocabulary),
            FuseUnknown = model.Flag("fuse_unk"),
            ByteFallback = model.Flag("byte_fallback"),
            IgnoreMerges = model.Flag("ignore_merges"),
            SubwordPrefix = prefix,
            WordSuffix = Affix(model, "end_of_word_suffix"),
        };
    }

    // Every symbol of a text is spelt with it.
    static string Affix(TokenizerNode model, string key)
    {
        const int Longest = 256;
        string text = model.Some(key)?.Text ?? "";
        return text.Length <= Longest ? text : throw model.Get(key).Unsupported($"A prefix or suffix of {text.Length} characters");
    }

    /// <summary>An object of pieces and ids.</summary>
    public static PieceTable Vocabulary(TokenizerNode vocab)
    {
        if (vocab.Element.ValueKind != JsonValueKind.Object) vocab.Members();
        var vocabulary = new PieceTable(vocab.Element.GetPropertyCount());
        var ids = new HashSet<int>();
        // Without a node for each of some hundred thousand members, but for one that is to be named.
        foreach (var member in vocab.Element.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out int number) || number is < 0 or > TokenizerNode.MostId)
                number = vocab.Get(member.Name).Id;
            if (!ids.Add(number)) throw vocab.Wrong($"Id {number} stands twice, the second time for '{member.Name}'.");
            if (!vocabulary.TryAdd(member.Name, number)) throw vocab.Wrong($"'{member.Name}' stands twice.");
        }
        return vocabulary.Count > 0 ? vocabulary : throw vocab.Wrong("The vocabulary is empty.");
    }

    static List<BpeMerge> Merges(TokenizerNode merges, PieceTable vocabulary, string prefix)
    {
        if (merges.Element.ValueKind != JsonValueKind.Array) merges.Items();
        var list = new List<BpeMerge>(merges.Element.GetArrayLength());
        foreach (var merge in merges.Element.EnumerateArray())
        {
            var (left, right) = Pair(merges, merge, list.Count);
            if (!TryMerge(left, right, prefix, vocabulary, out var joined))
                throw merges.Wrong($"Merge {list.Count + 1} needs '{MissingOf(left, right, prefix, vocabulary)}', which is not in the vocabulary.");
            list.Add(joined);
        }
        return list;
    }

    /// <summary>A merge as its two pieces: ["a", "b"], or "a b".</summary>
    static (string Left, string Right) Pair(TokenizerNode merges, JsonElement merge, int index)
    {
        var node = merges with { Element = merge, Path = $"{merges.Path}[{index}]" };
        string[] pair = merge.ValueKind == JsonValueKind.Array ? [.. node.Items().Select(part => part.Text)] : node.Text.Split(' ');
        return pair is [string left, string right] ? (left, right) : throw merges.Wrong($"Merge {index + 1} is not a pair: '{merge}'.");
    }

    /// <summary>Two pieces and what they become, as ids; false where one of the three is not in the vocabulary.</summary>
    public static bool TryMerge(ReadOnlySpan<char> left, ReadOnlySpan<char> right, string prefix, PieceTable vocabulary, out BpeMerge merge)
    {
        merge = default;
        if (!vocabulary.TryGet(left, [], out int l) || !vocabulary.TryGet(right, [], out int r)) return false;
        if (!vocabulary.TryGet(left, right[Math.Min(prefix.Length, right.Length)..], out int whole)) return false;
        merge = new(l, r, whole);
        return true;
    }

    /// <summary>The first of a merge's three pieces that is not in the vocabulary.</summary>
    public static string MissingOf(string left, string right, string prefix, PieceTable vocabulary) =>
        new[] { left, right, Joined(left, right, prefix) }.First(piece => !vocabulary.ContainsKey(piece));

    // The reference cuts the prefix's length off the right piece, whatever stands there.
    static string Joined(string left, string right, string prefix) => left + right[Math.Min(prefix.Length, right.Length)..];

    static int? Unknown(TokenizerNode model, PieceTable vocabulary) => model.Some("unk_token") is not { } token
        ? null
        : vocabulary.TryGetValue(token.Text, out int id) ? id : throw token.Wrong($"The unknown token '{token.Text}' is not in the vocabulary.");
}
