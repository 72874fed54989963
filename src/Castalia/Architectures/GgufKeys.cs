namespace Castalia.Architectures;

/// <summary>Metadata keys of GGUF files: those every file may carry, and those of an architecture, which begin with its name.</summary>
static class GgufKeys
{
    /// <summary>Where the sizes are.</summary>
    public static SizeKeys Sizes(string name) => new()
    {
        DModel = new($"{name}.embedding_length"),
        NLayers = new($"{name}.block_count"),
        NHeads = new($"{name}.attention.head_count"),
        NKvHeads = new($"{name}.attention.head_count_kv") { Otherwise = SizeFallback.NHeads },
        HeadDim = new($"{name}.attention.key_length", $"{name}.attention.value_length") { Otherwise = SizeFallback.DModelOverNHeads },
        DFf = new($"{name}.feed_forward_length"),
        DVocab = new($"{name}.vocab_size") { Otherwise = SizeFallback.EmbeddingRows },
        NCtx = new($"{name}.context_length"),
    };

    /// <summary>Rotary embedding of part of a head, half-split after rows were put in order.</summary>
    public static RotaryRule Rotary(string name, bool wholeHead) => new()
    {
        Pairing = RotaryPairing.HalfSplit,
        Base = new($"{name}.rope.freq_base") { Default = 10000 },
        Dims = new($"{name}.rope.dimension_count"),
        WholeHead = wholeHead,
        Scaling = new($"{name}.rope.scaling") { Join = ".", Types = ["none", "linear"], TypeNames = ["type"], TypeWhenAbsent = "linear" },
    };

    /// <summary>Keys that are understood only where they ask for nothing.</summary>
    public static IReadOnlyList<LimitedKey> Limited(string name) =>
    [
        new("general.type", "an adapter, a projector or another part of a model", "model"),
        new($"{name}.attention.causal", "attention to later tokens", "true"),
        new($"{name}.rope.scale_linear", "stretched rotary frequencies", "1", "0"),
        new($"{name}.rope.scaling.attn_factor", "scaled attention", "1"),
        new($"{name}.expert_count", "a mixture of experts", "0"),
        new($"{name}.expert_used_count", "a mixture of experts", "0"),
    ];

    /// <summary>Keys that say nothing about the arithmetic; without scaling the length before stretching says nothing.</summary>
    public static IReadOnlyList<string> Harmless(string name) =>
    [
        "general.*", "tokenizer.*", "quantize.*", "split.*",
        $"{name}.rope.scaling.original_context_length", $"{name}.rope.scaling.finetuned",
    ];

    /// <summary>Slots that every architecture here has: <c>attn_norm</c>, <c>ffn_down</c> and so on, with the biases some have.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> Tensors(RowOrder queryKeyRows) => Slots.Of(
        Slots.Weight(WeightRole.Embedding, "token_embd"),
        Slots.Weight(WeightRole.Unembedding, "output"),
        Slots.Weight(WeightRole.FinalNorm, "output_norm"),
        Slots.Weight(WeightRole.AttnNorm, "blk.{layer}.attn_norm"),
        Slots.Weight(WeightRole.MlpNorm, "blk.{layer}.ffn_norm"),
        Slots.Biased(WeightRole.Query, "blk.{layer}.attn_q", queryKeyRows),
        Slots.Biased(WeightRole.Key, "blk.{layer}.attn_k", queryKeyRows),
        Slots.Biased(WeightRole.Value, "blk.{layer}.attn_v"),
        Slots.Biased(WeightRole.AttnOut, "blk.{layer}.attn_output"),
        Slots.Biased(WeightRole.MlpGate, "blk.{layer}.ffn_gate"),
        Slots.Biased(WeightRole.MlpUp, "blk.{layer}.ffn_up"),
        Slots.Biased(WeightRole.MlpDown, "blk.{layer}.ffn_down"));
}
