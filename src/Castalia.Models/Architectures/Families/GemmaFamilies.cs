namespace Castalia.Architectures;

/// <summary>Gemma's generations.</summary>
static class GemmaFamilies
{
    static readonly Family Llama = LlamaFamily.Llama;

    static readonly string[] TanhGelus = ["gelu_pytorch_tanh", "gelu_new", "gelu_fast", "null"];

    static readonly LimitedKey Causal = new("use_bidirectional_attention", "attention to later tokens", "false", "null");

    /// <summary>Gemma 1: Llama with norms that multiply by 1 + weight, an embedding times √d_model, tanh GELU and wide heads.</summary>
    /// <remarks>The activation is tanh GELU though configs of the publisher say <c>gelu</c>. What else <c>hidden_act</c> or <c>hidden_activation</c>
    /// may say, implementations read differently, so it is refused.</remarks>
    public static readonly Family Gemma = Llama with
    {
        ModelType = "gemma",
        Title = "Gemma",
        Reference = "GemmaConfig of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            DModel = new("hidden_size") { Default = 3072 },
            NLayers = new("num_hidden_layers") { Default = 28 },
            NHeads = new("num_attention_heads") { Default = 16 },
            NKvHeads = new("num_key_value_heads") { Default = 16 },
            HeadDim = new("head_dim") { Default = 256 },
            DFf = new("intermediate_size") { Default = 24576 },
            DVocab = new("vocab_size") { Default = 256000 },
            NCtx = new("max_position_embeddings") { Default = 8192, WhenNull = SizeFallback.Unlimited },
        },
        NormWeightPlusOne = true,
        EmbeddingScale = new(null),
        Activation = new(null, "gelu_pytorch_tanh"),
        MlpBias = new Flag.Always(false),
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Llama.Tensors.With([WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias]),
        Limited =
        [
            .. HuggingFaceKeys.Limited, Causal,
            new("hidden_act", "another activation", [.. TanhGelus, "gelu"]), new("hidden_activation", "another activation", TanhGelus),
        ],
        Harmless = [.. HuggingFaceKeys.Harmless, "cache_implementation"],
    };

    /// <summary>Gemma 2: norms before and after each sublayer, windows on every other block, caps on scores and logits.</summary>
    public static readonly Family Gemma2 = Gemma with
    {
        ModelType = "gemma2",
        Title = "Gemma 2",
        Reference = "Gemma2Config of transformers 5.23",
        Sizes = Gemma.Sizes with
        {
            DModel = new("hidden_size") { Default = 2304 },
            NLayers = new("num_hidden_layers") { Default = 26 },
            NHeads = new("num_attention_heads") { Default = 8 },
            NKvHeads = new("num_key_value_heads") { Default = 4 },
            DFf = new("intermediate_size") { Default = 9216 },
        },
        Activation = new("hidden_activation", "gelu_pytorch_tanh"),
        NormPlacement = NormPlacement.BeforeAndAfter,
        Windows = new WindowRule.AllButLastOf(new("sliding_window") { Default = 4096 }, new() { Default = 2 }),
        AttentionScale = new() { InverseRootOf = new("query_pre_attn_scalar") { Default = 256 } },
        AttentionSoftcap = new("attn_logit_softcapping") { Default = 50 },
        LogitSoftcap = new("final_logit_softcapping") { Default = 30 },
        Tensors = Gemma.Tensors.With(
            [],
            Slots.Weight(WeightRole.AttnPostNorm, "model.layers.{layer}.post_attention_layernorm"),
            Slots.Weight(WeightRole.MlpNorm, "model.layers.{layer}.pre_feedforward_layernorm"),
            Slots.Weight(WeightRole.MlpPostNorm, "model.layers.{layer}.post_feedforward_layernorm")),
        Limited = [.. HuggingFaceKeys.Limited, Causal],
        // The activation is hidden_activation here.
        Harmless = [.. Gemma.Harmless, "hidden_act", "sliding_window_size"],
    };

    /// <summary>Gemma 3, text models: five blocks with a window and a rotary base of their own to one without; normed queries and keys.</summary>
    public static readonly Family Gemma3 = Gemma2 with
    {
        ModelType = "gemma3_text",
        Title = "Gemma 3 (text)",
        Reference = "Gemma3TextConfig of transformers 5.23",
        Sizes = Gemma.Sizes with
        {
            DModel = new("hidden_size") { Default = 2304 },
            NLayers = new("num_hidden_layers") { Default = 26 },
            NHeads = new("num_attention_heads") { Default = 8 },
            NKvHeads = new("num_key_value_heads") { Default = 4 },
            DFf = new("intermediate_size") { Default = 9216 },
            DVocab = new("vocab_size") { Default = 262208 },
            NCtx = new("max_position_embeddings") { Default = 131072, WhenNull = SizeFallback.Unlimited },
        },
        QkNorm = QkNorm.EachHead,
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rope_theta", "rope_parameters/rope_theta", "rope_parameters/full_attention/rope_theta") { Default = 1e6 },
            WholeHead = true,
            Fraction = new("partial_rotary_factor") { Default = 1 },
            Scaling = new("rope_scaling", "rope_parameters/full_attention"),
        },
        WindowedRotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rope_local_base_freq", "rope_parameters/sliding_attention/rope_theta") { Default = 10000 },
            WholeHead = true,
            Fraction = new("partial_rotary_factor") { Default = 1 },
            Scaling = new("rope_parameters/sliding_attention"),
        },
        Windows = new WindowRule.AllButLastOf(
            new("sliding_window") { Default = 4096 }, new("sliding_window_pattern", "_sliding_window_pattern") { Default = 6 }),
        AttentionScale = new() { InverseRootOf = new("query_pre_attn_scalar") { Default = 256 } },
        AttentionSoftcap = null,
        LogitSoftcap = new("final_logit_softcapping"),
        Tensors = Gemma2.Tensors.With(
            [],
            Slots.Weight(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_norm")),
        Limited = [.. Gemma2.Limited, new("attn_logit_softcapping", "a cap on scores, which the reference leaves out", "null")],
    };
}
