namespace Castalia.Architectures;

/// <summary>The architectures of GGUF files that have been checked against a reference: the same families as llama.cpp stores them.</summary>
/// <remarks>Biases, tying and wiring are told by which tensors exist.</remarks>
static class GgufFamilies
{
    static readonly Flag IsTied = new Flag.ByTensor(WeightRole.Unembedding, WhenStored: false);

    /// <summary>Llama: query and key rows permuted.</summary>
    public static readonly Family Llama = LlamaFamily.Llama with
    {
        Title = "Llama (GGUF)",
        Config = ConfigKind.Gguf,
        Hub = new("llama", "LlamaForCausalLM"),
        Reference = "llama.cpp",
        Sizes = GgufKeys.Sizes("llama"),
        NormEpsilon = new("llama.attention.layer_norm_rms_epsilon"),
        Rotary = GgufKeys.Rotary("llama", wholeHead: true) with { StoredDivisors = "rope_freqs.weight" },
        Activation = new(null, "silu"),
        BasePrefix = "",
        QkvBias = GgufKeys.QkvBias,
        AttnOutBias = GgufKeys.AttnOutBias,
        MlpBias = GgufKeys.MlpBias,
        TiedUnembedding = IsTied,
        Tensors = GgufKeys.Tensors(RowOrder.InterleavedPairs),
        KnownUnused = ["blk.{layer}.attn_rot_embd"],
        Limited =
        [
            .. GgufKeys.Limited("llama"),
            new("llama.tensor_data_layout", "another order of query and key rows", "Meta AI original pth"),
        ],
        Harmless = GgufKeys.Harmless("llama"),
        Records = GgufKeys.Records,
        Caveat = "A GGUF file of architecture 'llama' cannot say that attention had a sliding window (Mistral 7B v0.1): " +
                 "full attention is computed.",
    };

    /// <summary>Qwen 2: rows as on the hub.</summary>
    public static readonly Family Qwen2 = LlamaLikeFamilies.Qwen2 with
    {
        Title = "Qwen 2 (GGUF)",
        Config = ConfigKind.Gguf,
        Hub = new("qwen2", "Qwen2ForCausalLM"),
        Reference = "llama.cpp",
        Sizes = GgufKeys.Sizes("qwen2"),
        NormEpsilon = new("qwen2.attention.layer_norm_rms_epsilon"),
        Rotary = GgufKeys.Rotary("qwen2", wholeHead: true),
        Windows = null,
        Activation = new(null, "silu"),
        BasePrefix = "",
        QkvBias = GgufKeys.QkvBias,
        UnembeddingBias = new Flag.ByTensor(WeightRole.UnembeddingBias),
        TiedUnembedding = IsTied,
        Tensors = GgufKeys.Tensors(RowOrder.AsStored).With(
            [WeightRole.AttnOutBias, WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias],
            Slots.Biased(WeightRole.Unembedding, "output")),
        KnownUnused = [],
        // llama.cpp reads no window for it.
        Limited = [.. GgufKeys.Limited("qwen2").Where(key => key.Name != "qwen2.attention.sliding_window")],
        Harmless = [.. GgufKeys.Harmless("qwen2"), "qwen2.attention.sliding_window"],
        Records = GgufKeys.Records,
        Caveat = "A GGUF file of architecture 'qwen2' cannot say which blocks see a window, if any: full attention is computed.",
    };

    /// <summary>StableLM: parallel where no second norm is stored.</summary>
    public static readonly Family StableLm = LlamaLikeFamilies.StableLm with
    {
        Title = "StableLM (GGUF)",
        Config = ConfigKind.Gguf,
        Hub = new("stablelm", "StableLmForCausalLM"),
        Reference = "llama.cpp",
        Sizes = GgufKeys.Sizes("stablelm"),
        NormEpsilon = new("stablelm.attention.layer_norm_epsilon"),
        QkNorm = new Choice<QkNorm>.By(new Flag.ByTensor(WeightRole.QueryNorm), QkNorm.EachHeadOwnWeight, QkNorm.None),
        Wiring = new Choice<Wiring>.By(new Flag.ByTensor(WeightRole.MlpNorm), Wiring.Sequential, Wiring.ParallelOneNorm),
        Rotary = GgufKeys.Rotary("stablelm", wholeHead: false),
        Activation = new(null, "silu"),
        BasePrefix = "",
        QkvBias = GgufKeys.QkvBias,
        TiedUnembedding = IsTied,
        Tensors = GgufKeys.Tensors(RowOrder.AsStored).With(
            [WeightRole.AttnOutBias, WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias],
            Slots.Biased(WeightRole.FinalNorm, "output_norm"),
            Slots.Biased(WeightRole.AttnNorm, "blk.{layer}.attn_norm"),
            Slots.Biased(WeightRole.MlpNorm, "blk.{layer}.ffn_norm"),
            Slots.Weight(WeightRole.QueryNorm, "blk.{layer}.attn_q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "blk.{layer}.attn_k_norm")),
        KnownUnused = [],
        Limited = [.. GgufKeys.Limited("stablelm").Where(key => key.Name != "stablelm.use_parallel_residual")],
        // llama.cpp does not read it: the stored norms say it.
        Harmless = [.. GgufKeys.Harmless("stablelm"), "stablelm.use_parallel_residual"],
        Records = GgufKeys.Records,
    };

    /// <summary>Falcon: all queries, then all keys, then all values. Of two norms the first feeds the MLP and the second attention.</summary>
    public static readonly Family Falcon = AlibiFamilies.Falcon with
    {
        Title = "Falcon (GGUF)",
        Config = ConfigKind.Gguf,
        // One norm for attention and MLP, which newer models of transformers' Falcon have to say.
        Hub = new("falcon", "FalconForCausalLM")
        {
            Wired = Architectures.Wiring.ParallelOneNorm,
            Constants = new Dictionary<string, int> { ["num_ln_in_parallel_attn"] = 1 },
        },
        Reference = "llama.cpp, with the exact GELU the model was trained with",
        Sizes = GgufKeys.Sizes("falcon"),
        NormEpsilon = new("falcon.attention.layer_norm_epsilon"),
        Wiring = new Choice<Wiring>.By(new Flag.ByName("blk.0.attn_norm_2.weight"), Wiring.ParallelTwoNorms, Wiring.ParallelOneNorm),
        Rotary = GgufKeys.Rotary("falcon", wholeHead: true),
        Alibi = null,
        Activation = new(null, "gelu"),
        BasePrefix = "",
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        TiedUnembedding = IsTied,
        Tensors = GgufKeys.Tensors(RowOrder.AsStored).With(
            [.. GgufKeys.Biases, WeightRole.MlpGate],
            Slots.Biased(WeightRole.FinalNorm, "output_norm"),
            Slots.Biased(WeightRole.AttnNorm, "blk.{layer}.attn_norm_2", or: "blk.{layer}.attn_norm"),
            Slots.Biased(WeightRole.MlpNorm, "blk.{layer}.attn_norm"),
            Slots.Weight(WeightRole.Query, "blk.{layer}.attn_qkv", RowOrder.FusedInTurnQuery),
            Slots.Weight(WeightRole.Key, "blk.{layer}.attn_qkv", RowOrder.FusedInTurnKey),
            Slots.Weight(WeightRole.Value, "blk.{layer}.attn_qkv", RowOrder.FusedInTurnValue)),
        Limited = [.. GgufKeys.Limited("falcon"), new("falcon.tensor_data_layout", "another order of query, key and value rows", "jploski")],
        Harmless = GgufKeys.Harmless("falcon"),
        Records = GgufKeys.Records,
    };

    /// <summary>Gemma 3: norms stored as 1 + weight; rotary base of windowed blocks and their pattern are constants unless stated.</summary>
    /// <remarks>
    /// llama.cpp takes 10000 for a rotary base that is not stated, as for every architecture; converters always state the model's 1000000.
    /// </remarks>
    public static readonly Family Gemma3 = GemmaFamilies.Gemma3 with
    {
        ModelType = "gemma3",
        Title = "Gemma 3 (GGUF)",
        Config = ConfigKind.Gguf,
        Hub = new("gemma3_text", "Gemma3ForCausalLM"),
        Reference = "llama.cpp",
        Sizes = GgufKeys.Sizes("gemma3"),
        NormEpsilon = new("gemma3.attention.layer_norm_rms_epsilon"),
        NormWeightPlusOne = false,
        // YaRN would stretch the blocks without a window only, and lengthen all.
        Rotary = GgufKeys.Rotary("gemma3", wholeHead: true) with { Scaling = GgufKeys.Scaling("gemma3", "none", "linear") },
        WindowedRotary = GgufKeys.Rotary("gemma3", wholeHead: true) with { Base = new("gemma3.rope.freq_base_swa") { Default = 10000 }, Scaling = null },
        Windows = new WindowRule.AllButLastOf(
            new("gemma3.attention.sliding_window") { None = 0 }, new("gemma3.attention.sliding_window_pattern") { Default = 6 }),
        AttentionScale = new(),
        AttentionSoftcap = null,
        LogitSoftcap = new("gemma3.final_logit_softcapping") { None = 0 },
        Activation = new(null, "gelu_pytorch_tanh"),
        BasePrefix = "",
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        TiedUnembedding = IsTied,
        Tensors = GgufKeys.Tensors(RowOrder.AsStored).With(
            GgufKeys.Biases,
            Slots.Weight(WeightRole.QueryNorm, "blk.{layer}.attn_q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "blk.{layer}.attn_k_norm"),
            Slots.Weight(WeightRole.AttnPostNorm, "blk.{layer}.post_attention_norm"),
            Slots.Weight(WeightRole.MlpPostNorm, "blk.{layer}.post_ffw_norm")),
        KnownUnused = [],
        // 27B, with 62 blocks, scales queries by the width of its stream instead, which its file does not state.
        Limited =
        [
            .. GgufKeys.Limited("gemma3").Where(key => key.Name is not ("gemma3.attention.sliding_window" or "gemma3.final_logit_softcapping")),
            new("gemma3.block_count", "another factor on its scores (27B)") { Refused = ["62"] },
        ],
        Harmless = GgufKeys.Harmless("gemma3"),
        Records = GgufKeys.Records,
    };
}
