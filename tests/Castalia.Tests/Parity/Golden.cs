using System.Text.Json;
using Castalia.Prompts;
using Castalia.Wording;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>What the reference implementation produced for one checkpoint: token ids, figures and
/// activations.</summary>
sealed class Golden
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "models");

    /// <summary>The cases copied into this repository, family/case.</summary>
    public static readonly string[] Cases =
    [
        "bloom/bloom",
        "codegen/codegen",
        "cohere/command-r",
        "falcon/7b",
        "falcon/new-decoder",
        "falcon/rw-alibi",
        "falcon/twelve-heads-alibi",
        "gemma/gemma",
        "gemma/wide-heads",
        "gemma2/gemma2",
        "gemma2/no-caps",
        "gemma3/text",
        "gemma3/two-rotary-bases",
        "gpt2/as-shipped",
        "gpt2/gpt2",
        "gpt2/inverse-layer-scale",
        "gpt_bigcode/starcoder",
        "gpt_neo/gpt_neo",
        "gpt_neox/bin-legacy",
        "gpt_neox/fp16-sharded",
        "gpt_neox/pythia",
        "gpt_neox/pythia-as-shipped",
        "gpt_neox/sequential-f32",
        "gptj/as-shipped",
        "gptj/gptj",
        "granite/granite",
        "granite/wide-heads",
        "llama/dynamic",
        "llama/gqa",
        "llama/llama31",
        "llama/llama31-v5-config",
        "llama/mha-sparse-config",
        "llama/tied-bias-f32",
        "mistral/window",
        "mistral/yarn",
        "mixtral/mixtral",
        "mpt/mpt",
        "mpt/six-heads-clipped",
        "olmo/olmo",
        "olmo2/olmo2",
        "olmo2/one-key-head",
        "opt/opt",
        "phi/phi",
        "phi/qk-norm",
        "phi3/phi3",
        "qwen2/late-windows",
        "qwen2/qwen2",
        "qwen3/listed-windows",
        "qwen3/qwen3",
        "stablelm/parallel",
        "stablelm/stablelm",
        "starcoder2/starcoder2",
    ];

    Golden(string name, string checkpoint, string folder, JsonElement json)
    {
        Name = name;
        Checkpoint = checkpoint;
        Json = json;
        MadeBy = json.GetProperty("reference").GetString()!;
        Arrays = GoldenArrays.Load(Path.Combine(folder, "golden.safetensors"));
        var prompts = json.GetProperty("prompts").EnumerateArray().ToArray();
        // Cases list ids and figures side by side; goldens of trained models keep them in one entry per prompt.
        bool apart = prompts[0].ValueKind == JsonValueKind.Array;
        Figures = [.. apart
            ? json.GetProperty("figures").EnumerateArray()
            : prompts.Select(prompt => prompt.GetProperty("figures"))];
        var ids = prompts.Select(prompt => apart ? prompt : prompt.GetProperty("ids"));
        Prompts = [.. ids.Select((list, p) => AsFed(p, [.. list.EnumerateArray().Select(id => id.GetInt32())]))];
        if (Figures.Count != Prompts.Count)
            throw new InvalidDataException($"{name}: {Figures.Count} figures for {Prompts.Count} prompts.");
    }

    /// <summary>For complaints.</summary>
    public string Name { get; }

    /// <summary>Path of the checkpoint.</summary>
    public string Checkpoint { get; }

    /// <summary>Reference implementation and versions.</summary>
    public string MadeBy { get; }

    public JsonElement Json { get; }

    /// <summary>Prompts of ids.</summary>
    public IReadOnlyList<TokenizedPrompt> Prompts { get; }

    /// <summary>Figures of each prompt.</summary>
    public IReadOnlyList<JsonElement> Figures { get; }

    /// <summary>Activations by name, stream in float64, the rest rounded to float32.</summary>
    public IReadOnlyDictionary<string, GoldenArray> Arrays { get; }

    /// <summary>One of <see cref="Cases"/>.</summary>
    public static Golden Load(string @case)
    {
        string folder = Path.Combine([Folder, .. @case.Split('/')]);
        return new(@case, folder, folder, Parse(folder));
    }

    /// <summary>A trained checkpoint of the reference material; skips where that is absent.</summary>
    public static Golden LoadReal(string name, params string[] checkpoint)
    {
        string folder = Shared.Path("golden", "real", name);
        return new(name, Shared.Path(["real", "checkpoints", .. checkpoint]), folder, Parse(folder));
    }

    public static TheoryData<string> CaseNames => [.. Cases];

    static JsonElement Parse(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        return document.RootElement.Clone();
    }

    static TokenizedPrompt AsFed(int index, int[] ids) =>
        new(new Prompt { Name = $"p{index}", Ids = ids, Place = $"golden.json, prompt {index}" }, ids, Added: 0, DroppedBytes: 0);
}
