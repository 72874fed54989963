namespace Castalia.Architectures;

/// <summary>GPT-J and the families whose attention and MLP read one norm.</summary>
static class GptJFamilies
{
    /// <summary>GPT-J-6B.</summary>
    /// <remarks>One norm for attention and MLP; interleaved rotary pairs; no attention biases; the unembedding has one.</remarks>
    public static readonly Family GptJ = new()
    {
        ModelType = "gptj",
        Title = "GPT-J",
        Config = ConfigKind.HuggingFace,
        Reference = "GPTJConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("n_embd", "hidden_size") { Default = 4096 },
            NLayers = new("n_layer", "num_hidden_layers") { Default = 28 },
            NHeads = new("n_head", "num_attention_heads") { Default = 16 },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("n_inner") { Otherwise = SizeFallback.FourDModel },
            DVocab = new("vocab_size") { Default = 50400 },
            NCtx = new("n_positions", "n_ctx", "max_position_embeddings") { Default = 2048, Unread = ["n_ctx"] },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_epsilon") { Default = 1e-5 },
        Wiring = Wiring.ParallelOneNorm,
        Rotary = new()
        {
            Pairing = RotaryPairing.Interleaved,
            Base = new() { Default = 10000 },
            Dims = new("rotary_dim") { Default = 64 },
        },
        Mlp = MlpKind.Plain,
        Activation = new("activation_function", "gelu_new"),
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(true),
        BasePrefix = "transformer.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", false),
        UnembeddingBias = new Flag.Always(true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "transformer.wte"),
            Slots.Biased(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "transformer.ln_f"),
            Slots.Biased(WeightRole.AttnNorm, "transformer.h.{layer}.ln_1"),
            Slots.Weight(WeightRole.Query, "transformer.h.{layer}.attn.q_proj"),
            Slots.Weight(WeightRole.Key, "transformer.h.{layer}.attn.k_proj"),
            Slots.Weight(WeightRole.Value, "transformer.h.{layer}.attn.v_proj"),
            Slots.Weight(WeightRole.AttnOut, "transformer.h.{layer}.attn.out_proj"),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.fc_in"),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.fc_out")),
        KnownUnused =
        [
            "transformer.h.{layer}.attn.bias", "transformer.h.{layer}.attn.masked_bias", "transformer.h.{layer}.attn.embed_positions",
        ],
        // The reference divides by √head_dim whatever scale_attn_weights says.
        Limited = [.. HuggingFaceKeys.Limited, new("rotary", "no rotary embedding", "true", "null"), new("scale_attn_weights", "unscaled scores", "true", "null")],
        Harmless = [.. HuggingFaceKeys.Harmless, "summary_*"],
    };

    /// <summary>CodeGen: GPT-J with query, value and key rows of each quarter of the heads in one tensor.</summary>
    public static readonly Family CodeGen = GptJ with
    {
        ModelType = "codegen",
        Title = "CodeGen",
        Reference = "CodeGenConfig of transformers 4.46",
        Tensors = GptJ.Tensors.With(
            [],
            Slots.Weight(WeightRole.Query, "transformer.h.{layer}.attn.qkv_proj", RowOrder.FusedInQuartersQuery),
            Slots.Weight(WeightRole.Key, "transformer.h.{layer}.attn.qkv_proj", RowOrder.FusedInQuartersKey),
            Slots.Weight(WeightRole.Value, "transformer.h.{layer}.attn.qkv_proj", RowOrder.FusedInQuartersValue)),
        KnownUnused = ["transformer.h.{layer}.attn.causal_mask", .. GptJ.KnownUnused],
    };

    /// <summary>Phi 1, 1.5 and 2.</summary>
    public static readonly Family Phi = new()
    {
        ModelType = "phi",
        Title = "Phi",
        Config = ConfigKind.HuggingFace,
        Reference = "PhiConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 2048 },
            NLayers = new("num_hidden_layers") { Default = 24 },
            NHeads = new("num_attention_heads") { Default = 32 },
            NKvHeads = new("num_key_value_heads") { Otherwise = SizeFallback.NHeads },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 8192 },
            DVocab = new("vocab_size") { Default = 51200 },
            NCtx = new("max_position_embeddings") { Default = 2048, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_eps") { Default = 1e-5 },
        QkNorm = new Choice<QkNorm>.By(new Flag.ByKey("qk_layernorm", false), QkNorm.EachHead, QkNorm.None),
        Wiring = Wiring.ParallelOneNorm,
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rope_theta", "rope_parameters/rope_theta") { Default = 10000 },
            Fraction = new("partial_rotary_factor", "rope_parameters/partial_rotary_factor") { Default = 0.5 },
            Scaling = HuggingFaceKeys.Scaling,
        },
        Mlp = MlpKind.Plain,
        Activation = new("hidden_act", "gelu_new"),
        QkvBias = new Flag.Always(true),
        AttnOutBias = new Flag.Always(true),
        MlpBias = new Flag.Always(true),
        BasePrefix = "model.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", false),
        UnembeddingBias = new Flag.Always(true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "model.embed_tokens"),
            Slots.Biased(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "model.final_layernorm"),
            Slots.Biased(WeightRole.AttnNorm, "model.layers.{layer}.input_layernorm"),
            Slots.Biased(WeightRole.Query, "model.layers.{layer}.self_attn.q_proj"),
            Slots.Biased(WeightRole.Key, "model.layers.{layer}.self_attn.k_proj"),
            Slots.Biased(WeightRole.Value, "model.layers.{layer}.self_attn.v_proj"),
            Slots.Biased(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_layernorm"),
            Slots.Biased(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_layernorm"),
            Slots.Biased(WeightRole.AttnOut, "model.layers.{layer}.self_attn.dense"),
            Slots.Biased(WeightRole.MlpUp, "model.layers.{layer}.mlp.fc1"),
            Slots.Biased(WeightRole.MlpDown, "model.layers.{layer}.mlp.fc2")),
        KnownUnused = ["model.layers.{layer}.self_attn.rotary_emb.inv_freq"],
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };

    /// <summary>Cohere's Command R: one bias-free norm, gated MLP, interleaved pairs, scaled logits.</summary>
    public static readonly Family Cohere = LlamaFamily.Llama with
    {
        ModelType = "cohere",
        Title = "Cohere (Command R)",
        Reference = "CohereConfig of transformers 5.23",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 8192 },
            NLayers = new("num_hidden_layers") { Default = 40 },
            NHeads = new("num_attention_heads") { Default = 64 },
            NKvHeads = new("num_key_value_heads") { Otherwise = SizeFallback.NHeads },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 22528 },
            DVocab = new("vocab_size") { Default = 256000 },
            NCtx = new("max_position_embeddings") { Default = 8192, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_eps") { Default = 1e-5 },
        QkNorm = new Choice<QkNorm>.By(new Flag.ByKey("use_qk_norm", false), QkNorm.EachHeadOwnWeight, QkNorm.None),
        Wiring = Wiring.ParallelOneNorm,
        Rotary = LlamaFamily.Llama.Rotary! with
        {
            Pairing = RotaryPairing.Interleaved,
            Base = new("rope_theta", "rope_parameters/rope_theta") { Default = 500000 },
        },
        LogitScale = new("logit_scale") { Default = 0.0625 },
        MlpBias = new Flag.Always(false),
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = LlamaFamily.Llama.Tensors.With(
            [WeightRole.MlpNorm, WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias],
            Slots.Weight(WeightRole.QueryNorm, "model.layers.{layer}.self_attn.q_norm"),
            Slots.Weight(WeightRole.KeyNorm, "model.layers.{layer}.self_attn.k_norm")),
        Limited = HuggingFaceKeys.Limited,
        // How long a text its service takes.
        Harmless = [.. HuggingFaceKeys.Harmless, "model_max_length"],
    };
}
