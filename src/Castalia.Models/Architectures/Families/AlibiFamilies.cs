namespace Castalia.Architectures;

/// <summary>Families with a penalty on distance, always or for some of their models.</summary>
static class AlibiFamilies
{
    static readonly Flag Always = new Flag.Always(true);

    /// <summary>BLOOM: a norm on the embedding, penalties on distance, its own tanh GELU.</summary>
    public static readonly Family Bloom = new()
    {
        ModelType = "bloom",
        Title = "BLOOM",
        Config = ConfigKind.HuggingFace,
        Reference = "BloomConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size", "n_embed") { Default = 64, Unread = ["hidden_size", "n_embed"] },
            NLayers = new("n_layer", "num_hidden_layers") { Default = 2 },
            NHeads = new("n_head", "num_attention_heads") { Default = 8, Unread = ["n_head"] },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new() { Otherwise = SizeFallback.FourDModel },
            DVocab = new("vocab_size") { Default = 250880 },
            NCtx = new("seq_length") { Otherwise = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_epsilon") { Default = 1e-5 },
        Wiring = Wiring.Sequential,
        Rotary = null,
        Alibi = new(Always, new() { Default = 8 }),
        Mlp = MlpKind.Plain,
        Activation = new(null, "gelu_new"),
        QkvBias = Always,
        AttnOutBias = Always,
        MlpBias = Always,
        BasePrefix = "transformer.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "transformer.word_embeddings"),
            Slots.Biased(WeightRole.EmbeddingNorm, "transformer.word_embeddings_layernorm"),
            Slots.Weight(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "transformer.ln_f"),
            Slots.Biased(WeightRole.AttnNorm, "transformer.h.{layer}.input_layernorm"),
            Slots.Biased(WeightRole.MlpNorm, "transformer.h.{layer}.post_attention_layernorm"),
            Slots.FusedByGroup("transformer.h.{layer}.self_attention.query_key_value"),
            Slots.Biased(WeightRole.AttnOut, "transformer.h.{layer}.self_attention.dense"),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.dense_h_to_4h"),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.dense_4h_to_h")),
        Limited =
        [
            .. HuggingFaceKeys.Limited,
            new("apply_residual_connection_post_layernorm", "residuals taken after the norm", "false"),
            new("n_inner", "an MLP of another width than 4·d_model", "null"),
            new("slow_but_exact", "projections summed in slices, which the reference does without their biases", "false"),
        ],
        // How the trainer fused and sliced what it computed.
        Harmless =
        [
            .. HuggingFaceKeys.Harmless, "attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion",
            "skip_bias_add", "skip_bias_add_qkv", "offset_alibi", "unk_token_id",
        ],
    };

    /// <summary>MPT: no bias anywhere, penalties on distance, keys of a config inside <c>attn_config</c>.</summary>
    /// <remarks>The reference implementation reads fewer keys than the model's own code; those it does not compute with are refused.</remarks>
    public static readonly Family Mpt = new()
    {
        ModelType = "mpt",
        Title = "MPT",
        Config = ConfigKind.HuggingFace,
        Reference = "MptConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("d_model", "hidden_size") { Default = 2048 },
            NLayers = new("n_layers", "num_hidden_layers") { Default = 24 },
            NHeads = new("n_heads", "num_attention_heads") { Default = 16 },
            NKvHeads = new() { Otherwise = SizeFallback.NHeads },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new() { Otherwise = SizeFallback.FourDModel },
            DVocab = new("vocab_size") { Default = 50368 },
            NCtx = new("max_seq_len") { Default = 2048 },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_epsilon") { Default = 1e-5 },
        Wiring = Wiring.Sequential,
        Rotary = null,
        Alibi = new(Always, new() { Default = 8 }),
        AttentionScale = new() { Factor = new("attn_config/softmax_scale") },
        ClipQkv = new("attn_config/clip_qkv"),
        Mlp = MlpKind.Plain,
        Activation = new(null, "gelu"),
        QkvBias = new Flag.Always(false),
        AttnOutBias = new Flag.Always(false),
        MlpBias = new Flag.Always(false),
        BasePrefix = "transformer.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "transformer.wte"),
            Slots.Weight(WeightRole.Unembedding, "lm_head"),
            Slots.Weight(WeightRole.FinalNorm, "transformer.norm_f"),
            Slots.Weight(WeightRole.AttnNorm, "transformer.blocks.{layer}.norm_1"),
            Slots.Weight(WeightRole.MlpNorm, "transformer.blocks.{layer}.norm_2"),
            Slots.Weight(WeightRole.Query, "transformer.blocks.{layer}.attn.Wqkv", RowOrder.FusedInTurnQuery),
            Slots.Weight(WeightRole.Key, "transformer.blocks.{layer}.attn.Wqkv", RowOrder.FusedInTurnKey),
            Slots.Weight(WeightRole.Value, "transformer.blocks.{layer}.attn.Wqkv", RowOrder.FusedInTurnValue),
            Slots.Weight(WeightRole.AttnOut, "transformer.blocks.{layer}.attn.out_proj"),
            Slots.Weight(WeightRole.MlpUp, "transformer.blocks.{layer}.ffn.up_proj"),
            Slots.Weight(WeightRole.MlpDown, "transformer.blocks.{layer}.ffn.down_proj")),
        Limited =
        [
            .. HuggingFaceKeys.Limited,
            new("expansion_ratio", "an MLP of another width than 4·d_model", "4", "null"),
            new("no_bias", "biases", "true", "null"),
            new("norm_type", "another norm", "low_precision_layernorm", "layernorm", "null"),
            new("logit_scale", "scaled logits, which the reference leaves out", "null"),
            new("embedding_fraction", "a share of the embedding's gradient", "1", "null"),
            new("attn_config/alibi", "learned positions in place of penalties on distance", "true"),
            new("attn_config/alibi_bias_max", "penalties on distance of another size, which the reference leaves out", "8"),
            new("attn_config/attn_type", "shared key/value heads, which the reference leaves out", "multihead_attention"),
            new("attn_config/prefix_lm", "attention to later tokens", "false"),
            new("attn_config/qk_ln", "normed queries and keys, which the reference leaves out", "false"),
            new("attn_config/attn_uses_sequence_id", "several texts in one sequence", "false"),
            new("attn_config/qk_gn", "normed queries and keys", "false"),
            new("attn_config/rope", "rotary embedding", "false"),
            new("attn_config/sliding_window_size", "a window", "-1"),
        ],
        Harmless =
        [
            // Positions are penalties: the learned ones are left out where alibi holds.
            .. HuggingFaceKeys.Harmless, "learned_pos_emb", "init_config*", "init_device", "verbose", "resid_pdrop", "emb_pdrop",
            "attn_config/attn_impl", "attn_config/attn_pdrop", "attn_config/model_type", "tokenizer_name", "fc_type", "ffn_config*",
        ],
    };

    /// <summary>Falcon: 7B (one norm, one key/value head), 40B and 180B (two norms, grouped heads), RW (sequential, penalties on distance).</summary>
    public static readonly Family Falcon = new()
    {
        ModelType = "falcon",
        Title = "Falcon",
        Config = ConfigKind.HuggingFace,
        Reference = "FalconConfig of transformers 4.46",
        Sizes = new()
        {
            DModel = new("hidden_size", "n_embed") { Default = 4544 },
            NLayers = new("num_hidden_layers", "n_layer") { Default = 32 },
            NHeads = new("num_attention_heads", "n_head") { Default = 71 },
            NKvHeads = new("num_kv_heads", "n_head_kv")
            {
                Otherwise = SizeFallback.NHeads,
                OneWhen = new Flag.All(new Flag.ByKey("multi_query", true), new Flag.Unless(new Flag.ByKey("new_decoder_architecture", false))),
            },
            HeadDim = new() { Otherwise = SizeFallback.DModelOverNHeads },
            DFf = new("ffn_hidden_size") { Otherwise = SizeFallback.FourDModel },
            DVocab = new("vocab_size") { Default = 65024 },
            NCtx = new("max_position_embeddings") { Default = 2048, WhenNull = SizeFallback.Unlimited },
        },
        Norm = NormKind.LayerNorm,
        NormEpsilon = new("layer_norm_epsilon") { Default = 1e-5 },
        Wiring = new Choice<Wiring>.By(
            new Flag.ByKey("parallel_attn", true),
            // Without the new architecture the MLP reads what attention reads, and a norm of its own is left over.
            new Choice<Wiring>.By(
                new Flag.All(new Flag.ByKey("new_decoder_architecture", false), new Flag.ByTensor(WeightRole.MlpNorm)),
                Wiring.ParallelTwoNorms, Wiring.ParallelOneNorm),
            Wiring.Sequential),
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("rope_theta", "rope_parameters/rope_theta") { Default = 10000 },
            WholeHead = true,
            Fraction = new("rope_parameters/partial_rotary_factor") { Default = 1 },
            Scaling = HuggingFaceKeys.Scaling,
        },
        // The reference's eager attention adds the penalty to the mask and to the scores; its fused attention adds it once.
        Alibi = new(new Flag.ByKey("alibi", false), new() { Default = 8 })
        {
            Scaled = true,
            Times = 2,
            InBFloat16 = true,
            Caveat = "Falcon's penalty on distance is rounded to bfloat16 and counted twice, as in the eager attention of transformers, " +
                     "the reference here; its fused attention (sdpa) counts it once and gives other figures.",
        },
        Mlp = MlpKind.Plain,
        Activation = new("activation", "gelu"),
        QkvBias = new Flag.ByKey("bias", false),
        AttnOutBias = new Flag.ByKey("bias", false),
        MlpBias = new Flag.ByKey("bias", false),
        BasePrefix = "transformer.",
        TiedUnembedding = new Flag.ByKey("tie_word_embeddings", true),
        Tensors = Slots.Of(
            Slots.Weight(WeightRole.Embedding, "transformer.word_embeddings"),
            Slots.Weight(WeightRole.Unembedding, "lm_head"),
            Slots.Biased(WeightRole.FinalNorm, "transformer.ln_f"),
            Slots.Biased(WeightRole.AttnNorm, "transformer.h.{layer}.input_layernorm", or: "transformer.h.{layer}.ln_attn"),
            Slots.Biased(WeightRole.MlpNorm, "transformer.h.{layer}.post_attention_layernorm", or: "transformer.h.{layer}.ln_mlp"),
            Slots.FusedByGroup("transformer.h.{layer}.self_attention.query_key_value"),
            Slots.Biased(WeightRole.AttnOut, "transformer.h.{layer}.self_attention.dense"),
            Slots.Biased(WeightRole.MlpUp, "transformer.h.{layer}.mlp.dense_h_to_4h"),
            Slots.Biased(WeightRole.MlpDown, "transformer.h.{layer}.mlp.dense_4h_to_h")),
        Limited =
        [
            .. HuggingFaceKeys.Limited,
            new("apply_residual_connection_post_layernorm", "residuals taken after the norm", "false"),
            new("ff_factor", "an MLP of another width, which ffn_hidden_size states", "4"),
            new("num_ln_in_parallel_attn", "another number of norms in a block", "1", "2", "null"),
        ],
        Harmless = HuggingFaceKeys.Harmless,
    };
}
