namespace Castalia.Architectures;

/// <summary>See its member.</summary>
static class GptNeoXFamily
{
    /// <summary>GPT-NeoX: every Pythia, GPT-NeoX-20B.</summary>
    /// <remarks>
    /// Both norms read the block's input where residuals are parallel. Queries, keys and values are one tensor,
    /// [head][q|k|v][head_dim]. Old files carry causal masks and rotary frequencies, which are recomputed.
    /// </remarks>
    public static readonly Family GptNeoX = new()
    {
        ModelType = "gpt_neox",
        Title = "GPT-NeoX (Pythia)",
        Config = ConfigKind.HuggingFace,
        Reference = "GPTNeoXConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size") { Default = 6144 },
            NLayers = new("num_hidden_layers") { Default = 44 },
            NHeads = new("num_attention_heads") { Default = 64 },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("intermediate_size") { Default = 24576 },
            DVocab = new("vocab_size") { Default = 50432 },
            NCtx = new("max_position_embeddings") { Default = 2048 },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_eps") { Default = 1e-5 },
        Wiring = new Choice<Wiring>.By(new Flag.ByKey("use_parallel_residual", true), Wiring.ParallelTwoNorms, Wiring.Sequential),
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rotary_emb_base", "rope_theta", "rope_parameters/rope_theta") { Default = 10000 },
            Fraction = new("rotary_pct", "partial_rotary_factor", "rope_parameters/partial_rotary_factor") { Default = 0.25 },
            Scaling = HuggingFaceKeys.Scaling,
        },
        Mlp = MlpKind.Plain,
        Activation = new("hidden_act", "gelu"),
        QkvBias = new Flag.ByKey("attention_bias", true),
        AttnOutBias = new Flag.ByKey("attention_bias", true),
        MlpBias = new Flag.Always(true),
        BasePrefix = "gpt_neox.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", false),
        Tensors = new Dictionary<WeightRole, TensorSlot>
        {
            [WeightRole.Embedding] = new("gpt_neox.embed_in.weight"),
            [WeightRole.Unembedding] = new("embed_out.weight"),
            [WeightRole.FinalNorm] = new("gpt_neox.final_layer_norm.weight"),
            [WeightRole.FinalNormBias] = new("gpt_neox.final_layer_norm.bias"),
            [WeightRole.AttnNorm] = new("gpt_neox.layers.{layer}.input_layernorm.weight"),
            [WeightRole.AttnNormBias] = new("gpt_neox.layers.{layer}.input_layernorm.bias"),
            [WeightRole.MlpNorm] = new("gpt_neox.layers.{layer}.post_attention_layernorm.weight"),
            [WeightRole.MlpNormBias] = new("gpt_neox.layers.{layer}.post_attention_layernorm.bias"),
            [WeightRole.Query] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByGroupQuery),
            [WeightRole.QueryBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByGroupQuery),
            [WeightRole.Key] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByGroupKey),
            [WeightRole.KeyBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByGroupKey),
            [WeightRole.Value] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByGroupValue),
            [WeightRole.ValueBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByGroupValue),
            [WeightRole.AttnOut] = new("gpt_neox.layers.{layer}.attention.dense.weight"),
            [WeightRole.AttnOutBias] = new("gpt_neox.layers.{layer}.attention.dense.bias"),
            [WeightRole.MlpUp] = new("gpt_neox.layers.{layer}.mlp.dense_h_to_4h.weight"),
            [WeightRole.MlpUpBias] = new("gpt_neox.layers.{layer}.mlp.dense_h_to_4h.bias"),
            [WeightRole.MlpDown] = new("gpt_neox.layers.{layer}.mlp.dense_4h_to_h.weight"),
            [WeightRole.MlpDownBias] = new("gpt_neox.layers.{layer}.mlp.dense_4h_to_h.bias"),
        },
        KnownUnused =
        [
            "gpt_neox.layers.{layer}.attention.bias",
            "gpt_neox.layers.{layer}.attention.masked_bias",
            "gpt_neox.layers.{layer}.attention.rotary_emb.inv_freq",
        ],
        Limited = HuggingFaceKeys.Limited,
        Harmless = HuggingFaceKeys.Harmless,
    };
}
