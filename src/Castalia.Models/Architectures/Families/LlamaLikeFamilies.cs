namespace Castalia.Architectures;

/// <summary>Llama's relatives, each as its differences.</summary>
static class LlamaLikeFamilies
{
    static readonly Family Llama = LlamaFamily.Llama;

    static readonly WeightRole[] MlpBiases = [WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias];

    static readonly NumberKey SlidingWindow = new("sliding_window");

    /// <summary>Mistral 7B: Llama with a window, until v0.2.</summary>
    public static readonly Family Mistral = Llama with
    {
        ModelType = "mistral",
        Title = "Mistral",
        Reference = "MistralConfig of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            NKvHeads = new("num_key_value_heads") { Default = 8, WhenNull = SizeFallback.NHeads },
            DFf = new("intermediate_size") { Default = 14336 },
            NCtx = new("max_position_embeddings") { Default = 131072, WhenNull = SizeFallback.Unlimited },
        },
        Windows = new WindowRule.EveryBlock(new("sliding_window") { Default = 4096 }),
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With([WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias, WeightRole.AttnOutBias, .. MlpBiases]),
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>Mixtral: Mistral whose MLP is a mixture of experts.</summary>
    public static readonly Family Mixtral = Mistral with
    {
        ModelType = "mixtral",
        Title = "Mixtral",
        Reference = "MixtralConfig of transformers 4.46",
        Sizes = Mistral.Sizes with { NCtx = new("max_position_embeddings") { Default = 131072 } },
        NormEpsilon = new("rms_norm_eps") { Default = 1e-5 },
        Rotary = Llama.Rotary! with { Base = new("rope_theta", "rope_parameters/rope_theta") { Default = 1e6 } },
        Windows = new WindowRule.EveryBlock(SlidingWindow),
        Mlp = MlpKind.Mixture,
        Mixture = new(new("num_local_experts") { Default = 8 }, new("num_experts_per_tok") { Default = 2 }),
        Tensors = Mistral.Tensors.With(
            [],
            Slots.Weight(WeightRole.Router, "model.layers.{layer}.block_sparse_moe.gate"),
            Slots.Weight(WeightRole.MlpGate, "model.layers.{layer}.block_sparse_moe.experts.{part}.w1"),
            Slots.Weight(WeightRole.MlpUp, "model.layers.{layer}.block_sparse_moe.experts.{part}.w3"),
            Slots.Weight(WeightRole.MlpDown, "model.layers.{layer}.block_sparse_moe.experts.{part}.w2")),
        // Training only.
        Harmless = [.. HuggingFaceKeys.Harmless, "router_aux_loss_coef", "router_jitter_noise", "output_router_logits"],
    };

    /// <summary>Qwen 1.5, 2 and 2.5: Llama with query, key and value biases, and windows on later blocks where asked for.</summary>
    public static readonly Family Qwen2 = Llama with
    {
        ModelType = "qwen2",
        Title = "Qwen 2",
        Reference = "Qwen2Config of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            NKvHeads = new("num_key_value_heads") { Default = 32, WhenNull = SizeFallback.NHeads },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 22016 },
            DVocab = new("vocab_size") { Default = 151936 },
            NCtx = new("max_position_embeddings") { Default = 32768, WhenNull = SizeFallback.Unlimited },
        },
        Windows = new WindowRule.FromBlock(
            new("sliding_window") { Default = 4096 }, new Flag.ByKey("use_sliding_window", false), new("max_window_layers") { Default = 28 }),
        QkvBias = new Flag.Always(true),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With([WeightRole.AttnOutBias, .. MlpBiases]),
        Limited = [.. HuggingFaceKeys.Limited, new("use_mrope", "positions of images", "false")],
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>Qwen 3: Qwen 2 with normed queries and keys in place of biases, and a head width of its own.</summary>
    public static readonly Family Qwen3 = Qwen2 with
    {
        ModelType = "qwen3",
        Title = "Qwen 3",
        Reference = "Qwen3Config of transformers 5.23",
        Sizes = Qwen2.Sizes with { HeadDim = new("head_dim") { Default = 128 } },
        QkNorm = QkNorm.EachHead,
        QkvBias = new Flag.ByKey("attention_bias", false),
        AttnOutBias = new Flag.ByKey("attention_bias", false),
        Tensors = Llama.Tensors.With(
            MlpBiases,
            Slots.Weight(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_norm")),
    };

    /// <summary>Phi-3 and Phi-3.5 mini: Llama with query, key and value in one tensor, gate and up in another.</summary>
    public static readonly Family Phi3 = Llama with
    {
        ModelType = "phi3",
        Title = "Phi-3",
        Reference = "Phi3Config of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            DModel = new("hidden_size") { Default = 3072 },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 8192 },
            DVocab = new("vocab_size") { Default = 32064 },
            NCtx = new("max_position_embeddings") { Default = 4096, WhenNull = SizeFallback.Unlimited },
        },
        NormEpsilon = new("rms_norm_eps") { Default = 1e-5 },
        // The reference knows no other scaling here than LongRoPE.
        Rotary = Llama.Rotary! with { WholeHead = false, Scaling = HuggingFaceKeys.Scaling with { Types = ["default"] } },
        Windows = new WindowRule.EveryBlock(SlidingWindow),
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With(
            [WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias, WeightRole.AttnOutBias, .. MlpBiases],
            Slots.Weight(WeightRole.Query, "model.layers.{layer}.self_attn.qkv_proj", RowOrder.FusedInTurnQuery),
            Slots.Weight(WeightRole.Key, "model.layers.{layer}.self_attn.qkv_proj", RowOrder.FusedInTurnKey),
            Slots.Weight(WeightRole.Value, "model.layers.{layer}.self_attn.qkv_proj", RowOrder.FusedInTurnValue),
            Slots.Weight(WeightRole.MlpGate, "model.layers.{layer}.mlp.gate_up_proj", RowOrder.FusedGate),
            Slots.Weight(WeightRole.MlpUp, "model.layers.{layer}.mlp.gate_up_proj", RowOrder.FusedUp)),
        // The original context only matters to LongRoPE, which is refused.
        Limited = [.. HuggingFaceKeys.Limited, new("attention_bias", "attention biases, which the reference leaves out", "false")],
        Harmless = [.. HuggingFaceKeys.Harmless, "original_max_position_embeddings"],
    };

    /// <summary>OLMo: Llama with LayerNorms that have no weights, and a bound on queries, keys and values where asked for.</summary>
    public static readonly Family Olmo = Llama with
    {
        ModelType = "olmo",
        Title = "OLMo",
        Reference = "OlmoConfig of transformers 4.46",
        Sizes = Llama.Sizes with { HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads }, DVocab = new("vocab_size") { Default = 50304 } },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new() { Default = 1e-5 },
        ClipQkv = new("clip_qkv"),
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With([WeightRole.FinalNorm, WeightRole.AttnNorm, WeightRole.MlpNorm, .. MlpBiases]),
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>OLMo 2: Llama whose norms sit on what attention and MLP give, with queries and keys normed over all heads.</summary>
    public static readonly Family Olmo2 = Llama with
    {
        ModelType = "olmo2",
        Title = "OLMo 2",
        Reference = "Olmo2Config of transformers 5.23",
        Sizes = Llama.Sizes with { HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads }, DVocab = new("vocab_size") { Default = 50304 } },
        NormEpsilon = new("rms_norm_eps") { Default = 1e-5 },
        NormPlacement = NormPlacement.After,
        QkNorm = QkNorm.AllHeads,
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With(
            [WeightRole.AttnNorm, WeightRole.MlpNorm, .. MlpBiases],
            Slots.Weight(WeightRole.AttnPostNorm, "model.layers.{layer}.post_attention_layernorm"),
            Slots.Weight(WeightRole.MlpPostNorm, "model.layers.{layer}.post_feedforward_layernorm"),
            Slots.Weight(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_norm")),
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>StableLM 3B, Zephyr, StableLM 2: Llama with LayerNorms and a quarter of each head turning; 12B is parallel with one norm.</summary>
    public static readonly Family StableLm = Llama with
    {
        ModelType = "stablelm",
        Title = "StableLM",
        Reference = "StableLmConfig of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            DModel = new("hidden_size") { Default = 2560 },
            NKvHeads = new("num_key_value_heads") { Default = 32 },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 6912 },
            DVocab = new("vocab_size") { Default = 50304 },
            NCtx = new("max_position_embeddings") { Default = 4096, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_eps") { Default = 1e-5 },
        QkNorm = new Choice<QkNorm>.By(new Flag.ByKey("qk_layernorm", false), QkNorm.EachHeadOwnWeight, QkNorm.None),
        Wiring = new Choice<Wiring>.By(new Flag.ByKey("use_parallel_residual", false), Wiring.ParallelOneNorm, Wiring.Sequential),
        Rotary = Llama.Rotary! with
        {
            WholeHead = false,
            Fraction = new("partial_rotary_factor", "rope_parameters/partial_rotary_factor") { Default = 0.25 },
        },
        QkvBias = new Flag.ByKey("use_qkv_bias", false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        Tensors = Llama.Tensors.With(
            [WeightRole.AttnOutBias, .. MlpBiases],
            Slots.Biased(WeightRole.FinalNorm, "model.norm"),
            Slots.Biased(WeightRole.AttnNorm, "model.layers.{layer}.input_layernorm"),
            Slots.Biased(WeightRole.MlpNorm, "model.layers.{layer}.post_attention_layernorm"),
            Slots.Weight(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_layernorm.norms.{part}"),
            Slots.Weight(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_layernorm.norms.{part}")),
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>StarCoder 2: Llama with LayerNorms, a plain MLP, biases and a window.</summary>
    public static readonly Family StarCoder2 = Llama with
    {
        ModelType = "starcoder2",
        Title = "StarCoder 2",
        Reference = "Starcoder2Config of transformers 4.46",
        Sizes = Llama.Sizes with
        {
            DModel = new("hidden_size") { Default = 3072 },
            NLayers = new("num_hidden_layers") { Default = 30 },
            NHeads = new("num_attention_heads") { Default = 24 },
            NKvHeads = new("num_key_value_heads") { Default = 2 },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 12288 },
            DVocab = new("vocab_size") { Default = 49152 },
            NCtx = new("max_position_embeddings") { Default = 4096, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("norm_epsilon") { Default = 1e-5 },
        Windows = new WindowRule.EveryBlock(SlidingWindow),
        Mlp = MlpKind.Plain,
        Activation = new("hidden_act", "gelu_pytorch_tanh"),
        QkvBias = new Flag.ByKey("use_bias", true),
        AttnOutBias = new Flag.ByKey("use_bias", true),
        MlpBias = new Flag.ByKey("use_bias", true),
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Llama.Tensors.With(
            [WeightRole.MlpGate, WeightRole.MlpGateBias],
            Slots.Biased(WeightRole.FinalNorm, "model.norm"),
            Slots.Biased(WeightRole.AttnNorm, "model.layers.{layer}.input_layernorm"),
            Slots.Biased(WeightRole.MlpNorm, "model.layers.{layer}.post_attention_layernorm"),
            Slots.Biased(WeightRole.MlpUp, "model.layers.{layer}.mlp.c_fc"),
            Slots.Biased(WeightRole.MlpDown, "model.layers.{layer}.mlp.c_proj")),
        Limited =
        [
            .. HuggingFaceKeys.Limited, new("mlp_type", "another MLP", "default", "null"), new("norm_type", "another norm", "layer_norm", "null"),
        ],
        // The norms are LayerNorms, with an ε of their own.
        Harmless = [.. HuggingFaceKeys.Harmless, "rms_norm_eps"],
    };

    /// <summary>Granite 3: Llama with factors on embedding, scores, what is added to the stream, and logits.</summary>
    public static readonly Family Granite = Llama with
    {
        ModelType = "granite",
        Title = "Granite",
        Reference = "GraniteConfig of transformers 4.46",
        Sizes = Llama.Sizes with { HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads } },
        AttentionScale = new() { Factor = new("attention_multiplier") { Default = 1 } },
        EmbeddingScale = new(new NumberKey("embedding_multiplier") { Default = 1 }),
        ResidualScale = new("residual_multiplier") { Default = 1 },
        LogitDivisor = new("logits_scaling") { Default = 1 },
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };
}
