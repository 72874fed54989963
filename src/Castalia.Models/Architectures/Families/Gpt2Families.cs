namespace Castalia.Architectures;

/// <summary>GPT-2 and what was made after it with learned positions.</summary>
static class Gpt2Families
{
    static readonly SizeKeys Sizes = new()
    {
        DModel = new("n_embd", "hidden_size") { Default = 768 },
        NLayers = new("n_layer", "num_hidden_layers") { Default = 12 },
        NHeads = new("n_head", "num_attention_heads") { Default = 12 },
        NKvHeads = new() { Otherwise = SizeFallback.NHeads },
        HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
        DFf = new("n_inner") { Otherwise = SizeFallback.FourDModel },
        DVocab = new("vocab_size") { Default = 50257 },
        NCtx = new("n_positions", "n_ctx", "max_position_embeddings") { Default = 1024, Unread = ["n_ctx"] },
    };

    /// <summary>GPT-2, every size, and models in its form.</summary>
    /// <remarks>Its matrices are stored [in × out] (Conv1D). Hub files leave out <c>transformer.</c> and carry causal masks.</remarks>
    public static readonly Family Gpt2 = new()
    {
        ModelType = "gpt2",
        Title = "GPT-2",
        Config = ConfigKind.HuggingFace,
        Reference = "GPT2Config of transformers 4.46",
        Sizes = Sizes,
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_epsilon") { Default = 1e-5 },
        Wiring = Wiring.Sequential,
        Rotary = null,
        LearnedPositions = new(0),
        AttentionScale = new()
        {
            Unscaled = new Flag.Unless(new Flag.ByKey("scale_attn_weights", true)),
            ByBlock = new Flag.ByKey("scale_attn_by_inverse_layer_idx", false),
        },
        Mlp = MlpKind.Plain,
        Activation = new("activation_function", "gelu_new"),
        QkvBias = new Flag.Always(true),
        AttnOutBias = new Flag.Always(true),
        MlpBias = new Flag.Always(true),
        BasePrefix = "transformer.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "transformer.wte"),
            Slots.Weight(WeightRole.Positions, "transformer.wpe"),
            Slots.Weight(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "transformer.ln_f"),
            Slots.Biased(WeightRole.AttnNorm, "transformer.h.{layer}.ln_1"),
            Slots.Biased(WeightRole.MlpNorm, "transformer.h.{layer}.ln_2"),
            Slots.FusedInTurn("transformer.h.{layer}.attn.c_attn", transposed: true),
            Slots.Biased(WeightRole.AttnOut, "transformer.h.{layer}.attn.c_proj", transposed: true),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.c_fc", transposed: true),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.c_proj", transposed: true)),
        KnownUnused = ["transformer.h.{layer}.attn.bias", "transformer.h.{layer}.attn.masked_bias"],
        Limited = HuggingFaceKeys.Limited,
        // The order and precision in which scores are computed; heads of other tasks.
        Harmless = [.. HuggingFaceKeys.Harmless, "reorder_and_upcast_attn", "summary_*", "n_special", "predict_special_tokens"],
    };

    /// <summary>GPT-BigCode: SantaCoder, StarCoder. GPT-2 with one key/value head and matrices stored [out × in].</summary>
    public static readonly Family GptBigCode = Gpt2 with
    {
        ModelType = "gpt_bigcode",
        Title = "GPT-BigCode (StarCoder)",
        Reference = "GPTBigCodeConfig of transformers 4.46",
        Sizes = Sizes with
        {
            NKvHeads = new() { Otherwise = SizeFallback.NHeads, OneWhen = new Flag.ByKey("multi_query", true) },
        },
        AttentionScale = new() { Unscaled = new Flag.Unless(new Flag.ByKey("scale_attn_weights", true)) },
        Activation = new("activation_function", "gelu_pytorch_tanh"),
        Tensors = Gpt2.Tensors.With(
            [],
            Slots.FusedByGroup("transformer.h.{layer}.attn.c_attn"),
            Slots.Biased(WeightRole.AttnOut, "transformer.h.{layer}.attn.c_proj"),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.c_fc"),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.c_proj")),
        // In which precision softmax is computed.
        Harmless =
        [
            .. HuggingFaceKeys.Harmless, "summary_*", "n_special", "predict_special_tokens", "attention_softmax_in_fp32",
            "scale_attention_softmax_in_fp32", "inference_runner", "validate_runner_input", "pre_allocate_kv_cache",
            "max_sequence_length", "max_batch_size", "pad_key_length",
        ],
    };

    /// <summary>GPT-Neo: GPT-2 with every second block seeing a window, unscaled scores and no query, key and value biases.</summary>
    public static readonly Family GptNeo = Gpt2 with
    {
        ModelType = "gpt_neo",
        Title = "GPT-Neo",
        Reference = "GPTNeoConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 2048 },
            NLayers = new("num_layers", "num_hidden_layers") { Default = 24 },
            NHeads = new("num_heads", "num_attention_heads") { Default = 16 },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Otherwise = SizeFallback.FourDModel },
            DVocab = new("vocab_size") { Default = 50257 },
            NCtx = new("max_position_embeddings") { Default = 2048 },
        },
        Windows = new WindowRule.ByKinds(new("window_size") { Default = 256 }, "attention_types", "attention_layers"),
        AttentionScale = new() { Unscaled = new Flag.Always(true) },
        QkvBias = new Flag.Always(false),
        Tensors = Gpt2.Tensors.With(
            [WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias],
            Slots.Weight(WeightRole.Query, "transformer.h.{layer}.attn.attention.q_proj"),
            Slots.Weight(WeightRole.Key, "transformer.h.{layer}.attn.attention.k_proj"),
            Slots.Weight(WeightRole.Value, "transformer.h.{layer}.attn.attention.v_proj"),
            Slots.Biased(WeightRole.AttnOut, "transformer.h.{layer}.attn.attention.out_proj"),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.c_fc"),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.c_proj")),
        KnownUnused = ["transformer.h.{layer}.attn.attention.bias", "transformer.h.{layer}.attn.attention.masked_bias"],
        Harmless = [.. HuggingFaceKeys.Harmless, "summary_*"],
    };

    /// <summary>OPT, all sizes but 350M, whose norms sit on the stream itself.</summary>
    public static readonly Family Opt = new()
    {
        ModelType = "opt",
        Title = "OPT",
        Config = ConfigKind.HuggingFace,
        Reference = "OPTConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 768 },
            NLayers = new("num_hidden_layers") { Default = 12 },
            NHeads = new("num_attention_heads") { Default = 12 },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("ffn_dim") { Default = 3072 },
            DVocab = new("vocab_size") { Default = 50272 },
            NCtx = new("max_position_embeddings") { Default = 2048 },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new() { Default = 1e-5 },
        Wiring = Wiring.Sequential,
        Rotary = null,
        LearnedPositions = new(2),
        Mlp = MlpKind.Plain,
        Activation = new("activation_function", "relu"),
        QkvBias = new Flag.ByKey("enable_bias", true),
        AttnOutBias = new Flag.ByKey("enable_bias", true),
        MlpBias = new Flag.ByKey("enable_bias", true),
        BasePrefix = "model.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        EmbeddingWidth = new("word_embed_proj_dim"),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "model.decoder.embed_tokens"),
            Slots.Weight(WeightRole.Positions, "model.decoder.embed_positions"),
            Slots.Weight(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "model.decoder.final_layer_norm"),
            Slots.Biased(WeightRole.AttnNorm, "model.decoder.layers.{layer}.self_attn_layer_norm"),
            Slots.Biased(WeightRole.MlpNorm, "model.decoder.layers.{layer}.final_layer_norm"),
            Slots.Biased(WeightRole.Query, "model.decoder.layers.{layer}.self_attn.q_proj"),
            Slots.Biased(WeightRole.Key, "model.decoder.layers.{layer}.self_attn.k_proj"),
            Slots.Biased(WeightRole.Value, "model.decoder.layers.{layer}.self_attn.v_proj"),
            Slots.Biased(WeightRole.AttnOut, "model.decoder.layers.{layer}.self_attn.out_proj"),
            Slots.Biased(WeightRole.MlpUp, "model.decoder.layers.{layer}.fc1"),
            Slots.Biased(WeightRole.MlpDown, "model.decoder.layers.{layer}.fc2")),
        Limited =
        [
            .. HuggingFaceKeys.Limited,
            new("do_layer_norm_before", "norms on the stream itself (OPT-350m), which has no split into what attention and MLP add", "true"),
            new("_remove_final_layer_norm", "no final norm", "false"),
            new("scale_embeddings", "a factor on the embedding", "false"),
            new("learned_embeddings", "positions that are not learned", "true"),
            new("layer_norm_elementwise_affine", "norms without weights", "true"),
        ],
        Harmless = [.. HuggingFaceKeys.Harmless, "init_std", "layerdrop"],
    };
}
