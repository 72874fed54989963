using System.Text.Json.Nodes;
using Castalia.Fuzzing.Formats;
using Castalia.Fuzzing.Mutation;
using Castalia.Tokens;

namespace Castalia.Fuzzing.Readers;

/// <summary>Tokenizers' files, read and put to work on a few texts.</summary>
static class TokenizerReaders
{
    const string Json = "tokenizer.json", Settings = "tokenizer_config.json", Model = "tokenizer.model";
    const int Kept = 300; // entries of a vocabulary: the bytes, and a few pieces

    static readonly string[] s_texts =
    [
        "Hello world", " a  b\n\n\tc\r\n 12345 don't I'LL", "日本語 über cafe\u0301 😀👩‍👩‍👧", "<s></s><|endoftext|><unk>[MASK] <0x0A>▁", new string('a', 200) + "!", "\0\u001b\u2028\ufeff\uffff",
        string.Concat(Enumerable.Repeat("ab ", 60)),
    ];

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("tokenizer.json", 150, JsonSeeds, Whole),
        new("tokenizer.model", 60, ModelSeeds, Whole),
        new("vocab and merges", 40, VocabularySeeds, Whole),
        new("gguf vocabulary", 60, GgufSeeds, Whole),
    ];

    /// <summary>Opened, used on texts and asked for pieces.</summary>
    static void Whole(string path)
    {
        var tokenizer = TokenizerFile.Open(path);
        foreach (string text in s_texts)
        {
            var ids = tokenizer.Encode(text, out _);
            _ = tokenizer.Decode(ids);
            foreach (int id in ids.Take(20)) _ = tokenizer.Piece(id);
        }
        _ = tokenizer.Decode([.. tokenizer.DefaultPrefix, .. tokenizer.DefaultSuffix, .. tokenizer.BosId is { } bos ? [bos] : Array.Empty<int>()]);
        _ = (tokenizer.Notes.Count, tokenizer.IdCount, tokenizer.Source);
    }

    static IEnumerable<string> Folders(string file) =>
        Directory.EnumerateFiles(Golden.Folder("tokenizers"), file, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => Path.GetDirectoryName(path)!);

    static List<Seed> JsonSeeds()
    {
        var seeds = new List<Seed>();
        foreach (string folder in Folders(Json))
        {
            var files = new List<SeedFile> { JsonRegions.File(Json, Small(File.ReadAllText(Path.Combine(folder, Json)))) with { Weight = 5 } };
            string settings = Path.Combine(folder, Settings);
            if (File.Exists(settings)) files.Add(JsonRegions.File(Settings, File.ReadAllText(settings)));
            string name = Path.GetRelativePath(Golden.Folder("tokenizers"), folder);
            seeds.Add(new(name, seeds.Count % 2 == 0 || files.Count > 1 ? "" : Json, files) { IsAccepted = !name.StartsWith("unsupported", StringComparison.Ordinal) });
        }
        return seeds;
    }

    /// <summary>The same with few entries in its vocabulary: the rules take as much work as before.</summary>
    static string Small(string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        if (root["model"] is not JsonObject model || model["vocab"] is not JsonObject vocabulary || model["merges"] is not JsonArray merges) return json;
        foreach (string key in vocabulary.Where(entry => (int)entry.Value! >= Kept).Select(entry => entry.Key).ToList()) vocabulary.Remove(key);
        for (int i = merges.Count - 1; i >= 0; i--)
        {
            string[] parts = merges[i] is JsonArray pair ? [(string)pair[0]!, (string)pair[1]!] : ((string)merges[i]!).Split(' ');
            if (!vocabulary.ContainsKey(parts[0]) || !vocabulary.ContainsKey(parts[1]) || !vocabulary.ContainsKey(parts[0] + parts[1])) merges.RemoveAt(i);
        }
        return root.ToJsonString();
    }

    static List<Seed> ModelSeeds() =>
    [
        .. Folders(Model).Where(folder => new FileInfo(Path.Combine(folder, Model)).Length < 100_000).Select((folder, i) =>
        {
            var model = ProtobufRegions.File(Model, File.ReadAllBytes(Path.Combine(folder, Model)));
            string settings = Path.Combine(folder, Settings);
            return new Seed(Path.GetFileName(folder), i % 2 == 0 ? "" : Model, File.Exists(settings) ? [model with { Weight = 5 }, JsonRegions.File(Settings, File.ReadAllText(settings))] : [model]);
        }),
    ];

    static List<Seed> VocabularySeeds()
    {
        string folder = Golden.Folder("tokenizers", "gpt2-style");
        string[] merges = File.ReadAllLines(Path.Combine(folder, "merges.txt"));
        return
        [
            new("gpt2", "",
            [
                JsonRegions.File("vocab.json", File.ReadAllText(Path.Combine(folder, "vocab.json"))),
                LineRegions.File("merges.txt", Literals.Bytes(string.Join('\n', merges.Take(60)) + "\n"), "merge", " "),
                JsonRegions.File(Settings, File.ReadAllText(Path.Combine(folder, Settings))),
                JsonRegions.File("special_tokens_map.json", """{"bos_token": "<|endoftext|>", "unk_token": {"content": "<|endoftext|>", "lstrip": false}}"""),
            ]),
        ];
    }

    static List<Seed> GgufSeeds() =>
    [
        Gguf("byte level", Vocabulary("byte-level")), Gguf("SentencePiece", Vocabulary("sentencepiece")), Gguf("by scores", ByScores()),
    ];

    static Seed Gguf(string name, GgufWriter file)
    {
        var seed = GgufRegions.File("model.gguf", file.Bytes());
        return new(name, "model.gguf", [seed with { Content = new(seed.Content.Bytes) }]);
    }

    /// <summary>The vocabulary of a tokenizer.json as llama.cpp's converter writes it.</summary>
    static GgufWriter Vocabulary(string kind)
    {
        bool bytes = kind == "byte-level";
        string folder = Golden.Folder("tokenizers", bytes ? "smollm-style" : "sentencepiece-llama-legacy");
        var model = JsonNode.Parse(Small(File.ReadAllText(Path.Combine(folder, Json))))!["model"]!;
        string[] tokens = [.. model["vocab"]!.AsObject().OrderBy(entry => (int)entry.Value!).Select(entry => entry.Key)];
        string[] merges = [.. model["merges"]!.AsArray().Select(merge => merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : (string)merge!)];
        var file = new GgufWriter().Add("general.architecture", "llama").Add("tokenizer.ggml.model", bytes ? "gpt2" : "llama")
            .Add("tokenizer.ggml.tokens", tokens).Add("tokenizer.ggml.token_type", tokens.Select(TypeOf));
        return bytes
            ? file.Add("tokenizer.ggml.pre", "smollm").Add("tokenizer.ggml.merges", merges).Add("tokenizer.ggml.bos_token_id", 1u).Add("tokenizer.ggml.eos_token_id", 2u)
            : file.Add("tokenizer.ggml.scores", tokens.Select((_, i) => -(float)i)).Add("tokenizer.ggml.add_bos_token", true).Add("tokenizer.ggml.add_space_prefix", true)
                .Add("tokenizer.ggml.bos_token_id", 1u).Add("tokenizer.ggml.eos_token_id", 2u).Add("tokenizer.ggml.unknown_token_id", 0u);

        int TypeOf(string token, int id) => token.StartsWith("<0x", StringComparison.Ordinal) ? 6 : id < 3 ? (id == 0 && !bytes ? 2 : 3) : 1;
    }

    static GgufWriter ByScores() => Vocabulary("sentencepiece").Add("tokenizer.ggml.remove_extra_whitespaces", true).Add("tokenizer.chat_template", "{{ bos_token }}");
}
