namespace Castalia.Architectures;

/// <summary>See its member.</summary>
static class LlamaFamily
{
    /// <summary>Llama 1 to 3.2, and everything published in its form (SmolLM, TinyLlama, …).</summary>
    public static readonly Family Llama = new()
    {
        ModelType = "llama",
        Title = "Llama",
        Config = ConfigKind.HuggingFace,
        Reference = "LlamaConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 4096 },
            NLayers = new("num_hidden_layers") { Default = 32 },
            NHeads = new("num_attention_heads") { Default = 32 },
            NKvHeads = new("num_key_value_heads") { Otherwise = SizeFallback.NHeads },
            HeadDim = new("head_dim") { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 11008 },
            DVocab = new("vocab_size") { Default = 32000 },
            NCtx = new("max_position_embeddings") { Default = 2048, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.RmsNorm,
        NormEpsilon = new("rms_norm_eps") { Default = 1e-6 },
        Wiring = Wiring.Sequential,
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rope_theta", "rope_parameters/rope_theta") { Default = 10000 },
            Fraction = new("partial_rotary_factor", "rope_parameters/partial_rotary_factor") { Default = 1 },
            WholeHead = true,
            Scaling = HuggingFaceKeys.Scaling,
        },
        Mlp = MlpKind.Gated,
        Activation = new("hidden_act", "silu"),
        QkvBias = new Flag.ByKey("attention_bias", false),
        AttnOutBias = new Flag.ByKey("attention_bias", false),
        MlpBias = new Flag.ByKey("mlp_bias", false),
        BasePrefix = "model.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", false),
        Tensors = new Dictionary<WeightRole, TensorSlot>
        {
            [WeightRole.Embedding] = new("model.embed_tokens.weight"),
            [WeightRole.Unembedding] = new("lm_head.weight"),
            [WeightRole.FinalNorm] = new("model.norm.weight"),
            [WeightRole.AttnNorm] = new("model.layers.{layer}.input_layernorm.weight"),
            [WeightRole.MlpNorm] = new("model.layers.{layer}.post_attention_layernorm.weight"),
            [WeightRole.Query] = new("model.layers.{layer}.self_attn.q_proj.weight"),
            [WeightRole.QueryBias] = new("model.layers.{layer}.self_attn.q_proj.bias"),
            [WeightRole.Key] = new("model.layers.{layer}.self_attn.k_proj.weight"),
            [WeightRole.KeyBias] = new("model.layers.{layer}.self_attn.k_proj.bias"),
            [WeightRole.Value] = new("model.layers.{layer}.self_attn.v_proj.weight"),
            [WeightRole.ValueBias] = new("model.layers.{layer}.self_attn.v_proj.bias"),
            [WeightRole.AttnOut] = new("model.layers.{layer}.self_attn.o_proj.weight"),
            [WeightRole.AttnOutBias] = new("model.layers.{layer}.self_attn.o_proj.bias"),
            [WeightRole.MlpGate] = new("model.layers.{layer}.mlp.gate_proj.weight"),
            [WeightRole.MlpGateBias] = new("model.layers.{layer}.mlp.gate_proj.bias"),
            [WeightRole.MlpUp] = new("model.layers.{layer}.mlp.up_proj.weight"),
            [WeightRole.MlpUpBias] = new("model.layers.{layer}.mlp.up_proj.bias"),
            [WeightRole.MlpDown] = new("model.layers.{layer}.mlp.down_proj.weight"),
            [WeightRole.MlpDownBias] = new("model.layers.{layer}.mlp.down_proj.bias"),
        },
        KnownUnused = ["model.layers.{layer}.self_attn.rotary_emb.inv_freq"],
        Limited = [.. HuggingFaceKeys.Limited, new("rope_interleaved", "interleaved rotary pairs", "false", "null")],
        // SmolLM's trainer and early Llama configs; transformers reads neither.
        Harmless = [.. HuggingFaceKeys.Harmless, "is_llama_config", "max_sequence_length"],
    };
}
