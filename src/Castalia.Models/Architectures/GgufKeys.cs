namespace Castalia.Architectures;

/// <summary>Metadata keys of GGUF files: those every file may carry, and those of an architecture, which begin with its name.</summary>
static class GgufKeys
{
    /// <summary>Where the sizes are.</summary>
    public static SizeKeys Sizes(string name) => new()
    {
        DModel = new($"{name}.embedding_length"),
        NLayers = new($"{name}.block_count"),
        NHeads = new($"{name}.attention.head_count") { PerBlock = true },
        NKvHeads = new($"{name}.attention.head_count_kv") { Otherwise = SizeFallback.NHeads, PerBlock = true },
        HeadDim = new($"{name}.attention.key_length", $"{name}.attention.value_length") { Otherwise = SizeFallback.DModelOverNHeads },
        DFf = new($"{name}.feed_forward_length") { PerBlock = true },
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
        Scaling = Scaling(name, "none", "linear", "yarn"),
    };

    /// <summary>Scaled rotary frequencies.</summary>
    public static ScalingKeys Scaling(string name, params IReadOnlyList<string> types) =>
        new($"{name}.rope.scaling") { Join = ".", Types = types, TypeNames = ["type"], OlderFactor = $"{name}.rope.scale_linear" };

    /// <summary>Tools' own record of how a file was made, under a name of theirs: mradermacher's quantiser, importance matrices, and whoever uses the same words.</summary>
    public static readonly IReadOnlyList<string> Records =
    [
        "mradermacher.*", "imatrix.*", "*.quantized_by", "*.quantized_at", "*.quantized_on", "*.quantize_version", "*.convert_type", "*.converted_by",
    ];

    /// <summary>Keys that are understood only where they ask for nothing.</summary>
    public static IReadOnlyList<LimitedKey> Limited(string name) =>
    [
        new("general.type", "an adapter, a projector or another part of a model", "model"),
        new($"{name}.rope.scaling.yarn_ext_factor", "another strength of YaRN's ramp", "1", "-1"),
        new($"{name}.rope.scaling.yarn_attn_factor", "another amplitude of YaRN", "1"),
        new($"{name}.rope.scaling.yarn_beta_fast", "another end of YaRN's ramp", "32"),
        new($"{name}.rope.scaling.yarn_beta_slow", "another end of YaRN's ramp", "1"),
        new($"{name}.rope.scaling.yarn_log_multiplier", "another amplitude of YaRN", "0"),
        new($"{name}.rope.scaling.alpha", "another rotary base", "0", "1"),
        new($"{name}.expert_count", "a mixture of experts", "0"),
        new($"{name}.expert_used_count", "a mixture of experts", "0"),
        .. AsksForNothing(name,
            ("attention.causal", "attention to later positions", ["true"]), ("pooling_type", "pooled outputs", ["0", "-1"]),
            ("attention.scale", "another factor on scores", ["0"]), ("attention.clamp_kqv", "bounded queries, keys and values", ["0"]),
            ("attention.max_alibi_bias", "a penalty on distance", ["0"]), ("attn_logit_softcapping", "a cap on scores", ["0"]),
            ("final_logit_softcapping", "a cap on logits", ["0"]), ("attention.sliding_window", "attention with a window", ["0"]),
            ("attention.group_norm_groups", "norms by groups", ["0"]), ("attention.temperature_scale", "scores that grow with the position", ["0"]),
            ("embedding_scale", "a factor on the embedding", ["0", "1"]), ("residual_scale", "a factor on what blocks add", ["0", "1"]),
            ("logit_scale", "a factor on the logits", ["0", "1"]), ("use_parallel_residual", "parallel blocks", ["false"]),
            ("expert_shared_count", "a mixture of experts", ["0"]), ("expert_feed_forward_length", "a mixture of experts", ["0"]),
            ("expert_shared_feed_forward_length", "a mixture of experts", ["0"]), ("expert_weights_norm", "a mixture of experts", ["false"]),
            ("expert_weights_scale", "a mixture of experts", ["0", "1"]), ("leading_dense_block_count", "a mixture of experts", ["0"]),
            ("interleave_moe_layer_step", "a mixture of experts", ["0"]), ("nextn_predict_layers", "blocks that predict further tokens", ["0"]),
            ("swin_norm", "norms after the sublayers", ["false"])),
    ];

    /// <summary>Keys of other architectures of llama.cpp.</summary>
    static IEnumerable<LimitedKey> AsksForNothing(string name, params IEnumerable<(string Key, string What, string[] Values)> keys) =>
        keys.Select(key => new LimitedKey($"{name}.{key.Key}", key.What, key.Values) { IsNoted = true });

    /// <summary>Keys that say nothing about the arithmetic; without scaling the length before stretching says nothing.</summary>
    public static IReadOnlyList<string> Harmless(string name) =>
    [
        "general.*", "tokenizer.*", "quantize.*", "split.*",
        $"{name}.rope.scaling.original_context_length", $"{name}.rope.scaling.finetuned",
    ];

    /// <summary>Biases of projections: any of them may be stored, for any block, or not.</summary>
    public static readonly IReadOnlyList<WeightRole> Biases =
    [
        WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias, WeightRole.AttnOutBias,
        WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias,
    ];

    /// <summary>Whether any bias of queries, keys or values is stored.</summary>
    public static readonly Flag QkvBias = new Flag.ByAnyTensor(WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias);

    /// <summary>Whether attention's output has a bias anywhere.</summary>
    public static readonly Flag AttnOutBias = new Flag.ByAnyTensor(WeightRole.AttnOutBias);

    /// <summary>Whether any bias of the MLP is stored.</summary>
    public static readonly Flag MlpBias = new Flag.ByAnyTensor(WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias);

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
        Slots.Biased(WeightRole.MlpDown, "blk.{layer}.ffn_down")).Optional(Biases);
}
