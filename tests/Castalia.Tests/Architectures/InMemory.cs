using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Tests.Architectures;

/// <summary>Checkpoints that were never on disk: a config and named shapes, with bytes only where a test reads them.</summary>
static class InMemory
{
    public const string FolderPath = "/models/m", GgufPath = "/models/m.gguf";

    /// <summary>A small Pythia: 3 blocks, d 16, 2 heads, d_ff 64, 50 ids.</summary>
    public const string NeoX = """
        {"model_type": "gpt_neox", "hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 64,
         "vocab_size": 50, "max_position_embeddings": 32, "hidden_act": "gelu", "layer_norm_eps": 1e-05, "rotary_pct": 0.25,
         "rotary_emb_base": 10000, "use_parallel_residual": true, "tie_word_embeddings": false}
        """;

    /// <summary>A small Llama: 3 blocks, d 16, 4 heads over 2, d_ff 24, 50 ids.</summary>
    public const string Llama = """
        {"model_type": "llama", "hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
         "intermediate_size": 24, "vocab_size": 50, "max_position_embeddings": 32, "hidden_act": "silu", "rms_norm_eps": 1e-05,
         "rope_theta": 10000.0, "tie_word_embeddings": false}
        """;

    /// <summary>The same Llama as GGUF metadata, in the widths llama.cpp's converter writes.</summary>
    public static Dictionary<string, object> LlamaMetadata() => new()
    {
        ["general.architecture"] = "llama",
        ["llama.block_count"] = 3u,
        ["llama.context_length"] = 32u,
        ["llama.embedding_length"] = 16u,
        ["llama.feed_forward_length"] = 24u,
        ["llama.attention.head_count"] = 4u,
        ["llama.attention.head_count_kv"] = 2u,
        ["llama.vocab_size"] = 50u,
        ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
        ["llama.rope.freq_base"] = 10000f,
        ["llama.rope.dimension_count"] = 4u,
    };

    public static Checkpoint Folder(string config, params IEnumerable<Tensor> tensors) => new()
    {
        Path = FolderPath,
        Format = CheckpointFormat.Safetensors,
        Files = [],
        Tensors = tensors.ToDictionary(tensor => tensor.Name),
        Config = JsonNode.Parse(config)!.AsObject(),
    };

    public static Checkpoint Gguf(Dictionary<string, object> metadata, params IEnumerable<Tensor> tensors) => new()
    {
        Path = GgufPath,
        Format = CheckpointFormat.Gguf,
        Files = [],
        Tensors = tensors.ToDictionary(tensor => tensor.Name),
        Metadata = new() { Values = metadata },
    };

    /// <summary>The same checkpoint with some tensors replaced or added, and some left out.</summary>
    public static Checkpoint With(this Checkpoint c, IEnumerable<Tensor>? add = null, params string[] without) => new()
    {
        Path = c.Path,
        Format = c.Format,
        Files = c.Files,
        Config = c.Config,
        Metadata = c.Metadata,
        Tensors = c.Tensors.Values.Where(tensor => !without.Contains(tensor.Name) && add?.Any(new_ => new_.Name == tensor.Name) != true)
            .Concat(add ?? []).ToDictionary(tensor => tensor.Name),
    };

    /// <summary>Name and shape only: two bytes an element, none of which exist.</summary>
    public static unsafe Tensor Shape(string name, params long[] shape) =>
        new(name, DType.F16, shape, "weights", null, 2 * shape.Aggregate(1L, (n, axis) => n * axis));

    /// <summary>The same as another type.</summary>
    public static unsafe Tensor Shape(DType type, string name, params long[] shape) => new(name, type, shape, "weights", null, 0);

    /// <summary>With values.</summary>
    public static unsafe Tensor Values(string name, float[] values, params long[] shape)
    {
        float[] pinned = GC.AllocateArray<float>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        Kept.Add(pinned);
        fixed (float* data = pinned) return new(name, DType.F32, shape, "weights", (byte*)data, 4 * values.Length);
    }

    /// <summary>The tensors a description asks for, by its own account of names and shapes.</summary>
    public static IEnumerable<Tensor> TensorsOf(Architecture a) =>
        from role in WeightShapes.Needed(a)
        from layer in Enumerable.Range(0, WeightShapes.IsPerLayer(role) ? a.NLayers : 1)
        from part in Enumerable.Range(0, WeightShapes.Parts(a, role))
        group role by a.Tensors[role].NameIn(layer, part) into sharing
        select Shape(sharing.Key, WeightShapes.Stored(a, [.. sharing]));

    /// <summary>A description of which only these sizes matter.</summary>
    public static Architecture OfSizes(int nHeads, int nKvHeads, int headDim, int dFf = 4) => new()
    {
        Family = Families.Llama,
        Tensors = Families.Llama.Tensors,
        NLayers = 1,
        DModel = nHeads * headDim,
        NHeads = nHeads,
        NKvHeads = nKvHeads,
        HeadDim = headDim,
        DFf = dFf,
        DVocab = 6,
        NCtx = 16,
        Norm = NormKind.RmsNorm,
        NormEpsilon = 1e-5,
        Wiring = Wiring.Sequential,
        Rotary = null,
        Activation = Activation.Silu,
        Mlp = MlpKind.Gated,
        QkvBias = false,
        AttnOutBias = false,
        MlpBias = false,
        TiedUnembedding = false,
        AttentionScale = 0.5,
        Defaults = [],
    };

    static readonly System.Collections.Concurrent.ConcurrentBag<float[]> Kept = []; // views outlive the call that made them
}
