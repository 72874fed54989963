using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.DoFiles;
using Castalia.Forward;
using Castalia.Fuzzing.Formats;
using Castalia.Fuzzing.Mutation;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Runs;

namespace Castalia.Fuzzing.Readers;

/// <summary>Checkpoints: containers of weights, their index and what describes them.</summary>
static class CheckpointReaders
{
    const string Config = "config.json", Weights = "model.safetensors", Pickle = "pytorch_model.bin";

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("safetensors", 120, Safetensors, Whole),
        new("index", 60, Index, Whole),
        new("torch zip", 70, TorchZip, Tensors),
        new("torch legacy", 60, TorchLegacy, Tensors),
        new("gguf", 140, Gguf, Whole),
        new("config", 150, Configs, Whole),
        new("measured", 2, Measured, Measure),
        new("directions", 10, Directions, path => _ = DirectionFile.Read(path, 4, orthonormalise: true)),
        new("vector of a do file", 10, Vector, path => _ = DoFile.Read(path)),
        new("adapter", 5, Adapter, path => _ = Adapters.Alone(path)),
    ];

    /// <summary>Opened, every tensor looked at, described, bound to its weights.</summary>
    public static void Whole(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        foreach (var tensor in checkpoint.Tensors.Values) Touch(tensor);
        var architecture = ArchitectureReader.Read(checkpoint).With(GeluChoice.Config, checkpoint.Path);
        var weights = WeightMap.Bind(architecture, checkpoint);
        _ = DescriptionJson.Of(architecture, weights, checkpoint.Path);
        TokenizedPrompt[] prompts = [new(new() { Name = "a", Place = path }, [1, 2, 3], 0, 0)];
        PromptLimits.Check(prompts, architecture);
        _ = MemoryNeeds.Of(weights, prompts, tokenizer: null, new() { Threads = 1 });
    }

    /// <summary>Opened, every tensor looked at: of files whose tensors are of no model.</summary>
    static void Tensors(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        foreach (var tensor in checkpoint.Tensors.Values) Touch(tensor);
    }

    /// <summary>Measured, summed up: what a description steers in the arithmetic.</summary>
    static void Measure(string path)
    {
        Prompt[] prompts = [new() { Name = "a", Ids = [1, 2, 3], Place = path }, new() { Name = "b", Ids = [3, 1, 4, 1, 5], Place = path }];
        var options = new RunOptions { Threads = 1, Bos = Castalia.Tokens.BosPolicy.None, AllPositions = true, LogitLens = true, Seed = 1 };
        var model = ModelMeasuring.Take(new(path, path, null), "m", _ => prompts, options, progress: null, CancellationToken.None);
        _ = Summary.Of(new() { StartedUtc = DateTime.UnixEpoch, Options = options, PromptSet = "ids", Models = [model] });
    }

    /// <summary>First and last element, by which a view that reaches beyond its file is found out.</summary>
    static void Touch(Tensor tensor)
    {
        if (tensor.ByteLength == 0 || tensor.Count == 0) return;
        var (elements, bytes) = tensor.DType.Block();
        if (elements == 1)
        {
            Span<byte> element = stackalloc byte[bytes];
            tensor.CopyRow(0, 0, element);
            tensor.CopyRow(tensor.Rows - 1, tensor.Columns - 1, element);
        }
        else if (tensor.Columns <= int.MaxValue)
        {
            Span<float> values = stackalloc float[elements];
            Widen.Row(tensor, 0, 0, values);
            Widen.Row(tensor, tensor.Rows - 1, (int)tensor.Columns - elements, values);
        }
    }

    static byte[] ConfigOf(params string[] model) => Golden.Bytes(["models", .. model, Config]);

    static SeedFile FixedWeights(params string[] model)
    {
        var (json, data) = Golden.Header(["models", .. model, Weights]);
        return SeedFile.Fixed(Weights, new(Framed(json, (ulong)json.Length), data));
    }

    static byte[] Framed(byte[] json, ulong length)
    {
        byte[] bytes = new byte[8 + json.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    static byte[] Framed(byte[] json, Dice dice) => Framed(json, dice.OneIn(16) ? Literals.Number(dice) : (ulong)json.Length);

    static List<Seed> Adapter() =>
    [
        new("lora", "",
        [
            JsonRegions.File("adapter_config.json", """{"peft_type": "LORA", "base_model_name_or_path": "owner/base", "r": 8, "target_modules": ["q_proj", "v_proj"], "modules_to_save": null}"""u8.ToArray()),
        ]),
    ];

    static List<Seed> Safetensors()
    {
        string[][] models = [["mistral", "yarn"], ["mpt", "six-heads-clipped"], ["phi", "qk-norm"], ["gpt2", "as-shipped"], ["llama", "tied-bias-f32"]];
        return
        [
            .. models.Select(model =>
            {
                var (json, data) = Golden.Header(["models", .. model, Weights]);
                var weights = JsonRegions.File(Weights, json) with { Content = new(json, data), Wrap = Framed };
                return new Seed(string.Join('/', model), "", [SeedFile.Fixed(Config, new(ConfigOf(model))), weights]);
            }),
        ];
    }

    static List<Seed> Vector()
    {
        const string header = """{"one":{"dtype":"F64","shape":[4],"data_offsets":[0,32]}}       """;
        return
        [
            new("one vector", "d.yaml",
            [
                SeedFile.Fixed("d.yaml", new("- { do: add, site: resid_pre, blocks: last, vector: v.safetensors#one }\n"u8.ToArray())),
                JsonRegions.File("v.safetensors", header) with { Content = new(Encoding.UTF8.GetBytes(header), 32), Wrap = Framed },
            ]),
        ];
    }

    /// <summary>Its data are zeros, of which no direction can be made.</summary>
    static List<Seed> Directions()
    {
        const string file = "d.safetensors", header = """{"one":{"dtype":"F64","shape":[4],"data_offsets":[0,32]},"two":{"dtype":"F32","shape":[2,4],"data_offsets":[32,64]}} """;
        return [new("two sets", file, [JsonRegions.File(file, header) with { Content = new(Encoding.UTF8.GetBytes(header), 64), Wrap = Framed }]) { IsAccepted = false }];
    }

    static List<Seed> Index()
    {
        const string index = $"{Weights}.index.json";
        var (json, _) = Golden.Header("models", "mistral", "yarn", Weights);
        var header = JsonNode.Parse(json)!.AsObject();
        header.Remove("__metadata__");
        List<(string Name, JsonObject Entry)> entries = [.. header.Select(entry => (entry.Key, entry.Value!.AsObject())).OrderBy(entry => Begin(entry.Item2))];
        int half = entries.Count / 2;
        string[] shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        var map = new JsonObject(entries.Select((entry, i) => KeyValuePair.Create(entry.Name, (JsonNode?)shards[i < half ? 0 : 1])));
        var document = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 43264 }, ["weight_map"] = map };
        var folder = new Seed("two shards", "",
        [
            SeedFile.Fixed(Config, new(ConfigOf("mistral", "yarn"))), JsonRegions.File(index, document.ToJsonString()),
            SeedFile.Fixed(shards[0], Shard(entries[..half])), SeedFile.Fixed(shards[1], Shard(entries[half..])),
        ]);
        var torch = new JsonObject { ["weight_map"] = new JsonObject(TorchNames().Select(name => KeyValuePair.Create(name, (JsonNode?)"pytorch_model-00001-of-00001.bin"))) };
        return
        [
            folder, folder with { Name = "shards mutated", Files = [.. folder.Files.Select(file => file.Name == index ? file with { Weight = 0 } : file.Weight == 0 && file.Name != Config ? file with { Weight = 1 } : file)] },
            new("torch", "",
            [
                SeedFile.Fixed(Config, new(ConfigOf("mistral", "yarn"))), JsonRegions.File($"{Pickle}.index.json", torch.ToJsonString()),
                SeedFile.Fixed("pytorch_model-00001-of-00001.bin", new(Golden.Bytes("torch", "zip-protocol-2.pt"))),
            ]) { IsAccepted = false }, // its tensors are of no model
        ];

        static long Begin(JsonObject entry) => (long)entry["data_offsets"]![0]!;

        static Content Shard(List<(string Name, JsonObject Entry)> entries)
        {
            long start = Begin(entries[0].Entry), end = (long)entries[^1].Entry["data_offsets"]![1]!;
            var shard = new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)new JsonObject
            {
                ["dtype"] = (string)entry.Entry["dtype"]!,
                ["shape"] = entry.Entry["shape"]!.DeepClone(),
                ["data_offsets"] = new JsonArray(Begin(entry.Entry) - start, (long)entry.Entry["data_offsets"]![1]! - start),
            })));
            byte[] json = Encoding.UTF8.GetBytes(shard.ToJsonString());
            return new(Framed(json, (ulong)json.Length), end - start);
        }
    }

    static IEnumerable<string> TorchNames()
    {
        using var mapped = MappedFile.Open(Golden.Folder("torch", "zip-protocol-2.pt"));
        return [.. TorchFile.Read(mapped).Select(tensor => tensor.Name)];
    }

    static List<Seed> TorchZip()
    {
        string[] files = ["zip-protocol-2.pt", "zip-protocol-4.pt", "zip-module.pt"];
        return
        [
            .. files.SelectMany(file =>
            {
                byte[] bytes = Golden.Bytes("torch", file);
                return new[]
                {
                    Torch($"{file}, pickle", ZipRegions.Around(Pickle, bytes, "data.pkl", pickle => PickleRegions.Of(pickle, 1, out _))),
                    Torch($"{file}, archive", ZipRegions.File(Pickle, bytes)),
                };
            }),
        ];
    }

    static List<Seed> TorchLegacy()
    {
        string[] files = ["legacy-protocol-2.pt", "legacy-protocol-4.pt", "legacy-module.pt"];
        return
        [
            .. files.Select(file =>
            {
                byte[] bytes = Golden.Bytes("torch", file);
                var regions = PickleRegions.Of(bytes, 5, out int end);
                for (int at = end; at + 8 <= Math.Min(bytes.Length, end + 64); at += 8) regions.Add(new(RegionKind.Number, at, at + 8) { Hint = "count" });
                return Torch(file, new SeedFile(Pickle, new(bytes)) { Regions = regions });
            }),
        ];
    }

    static Seed Torch(string name, SeedFile weights) =>
        new(name, "", [SeedFile.Fixed(Config, new(ConfigOf("mistral", "yarn"))), weights]);

    static List<Seed> Gguf() =>
    [
        .. Directory.EnumerateFiles(Golden.Folder("gguf"), "*.gguf").Order(StringComparer.Ordinal)
            .Select(file => new Seed(Path.GetFileName(file), "model.gguf", [GgufRegions.File("model.gguf", File.ReadAllBytes(file))])),
    ];

    static List<Seed> Measured()
    {
        string[][] models = [["mistral", "yarn"], ["mpt", "six-heads-clipped"], ["phi", "qk-norm"], ["gemma3", "two-rotary-bases"], ["llama", "dynamic"], ["granite", "wide-heads"], ["olmo2", "one-key-head"]];
        return
        [
            .. models.Select(model => new Seed(string.Join('/', model), "",
                [JsonRegions.File(Config, ConfigOf(model)), SeedFile.Fixed(Weights, new(Golden.Bytes(["models", .. model, Weights])))])),
        ];
    }

    static List<Seed> Configs() =>
    [
        .. Directory.EnumerateFiles(Golden.Folder("models"), Weights, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file =>
        {
            string folder = Path.GetDirectoryName(file)!;
            string[] model = [Path.GetFileName(Path.GetDirectoryName(folder)!), Path.GetFileName(folder)];
            return new Seed(string.Join('/', model), "", [JsonRegions.File(Config, ConfigOf(model)), FixedWeights(model)]);
        }),
    ];
}
