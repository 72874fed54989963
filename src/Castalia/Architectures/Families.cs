namespace Castalia.Architectures;

/// <summary>The families Castalia can measure.</summary>
public static class Families
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
        Wiring = new Choice<Wiring>(new Flag.ByKey("use_parallel_residual", true), Wiring.ParallelTwoNorms, Wiring.Sequential),
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
            [WeightRole.Query] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByHeadQuery),
            [WeightRole.QueryBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByHeadQuery),
            [WeightRole.Key] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByHeadKey),
            [WeightRole.KeyBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByHeadKey),
            [WeightRole.Value] = new("gpt_neox.layers.{layer}.attention.query_key_value.weight", RowOrder.FusedByHeadValue),
            [WeightRole.ValueBias] = new("gpt_neox.layers.{layer}.attention.query_key_value.bias", RowOrder.FusedByHeadValue),
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
            NCtx = new("max_position_embeddings") { Default = 2048 },
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

    /// <summary>Llama as llama.cpp stores it: query and key rows permuted, biases and tying told by which tensors exist.</summary>
    public static readonly Family LlamaGguf = Llama with
    {
        Title = "Llama (GGUF)",
        Config = ConfigKind.Gguf,
        Reference = "llama.cpp",
        Sizes = new()
        {
            DModel = new("llama.embedding_length"),
            NLayers = new("llama.block_count"),
            NHeads = new("llama.attention.head_count"),
            NKvHeads = new("llama.attention.head_count_kv") { Otherwise = SizeFallback.NHeads },
            HeadDim = new("llama.attention.key_length", "llama.attention.value_length")
            {
                Otherwise = SizeFallback.DModelOverNHeads,
            },
            DFf = new("llama.feed_forward_length"),
            DVocab = new("llama.vocab_size") { Otherwise = SizeFallback.EmbeddingRows },
            NCtx = new("llama.context_length"),
        },
        NormEpsilon = new("llama.attention.layer_norm_rms_epsilon"),
        Rotary = new()
        {
            Pairing = RotaryPairing.HalfSplit,
            Base = new("llama.rope.freq_base") { Default = 10000 },
            Dims = new("llama.rope.dimension_count"),
            WholeHead = true,
            StoredDivisors = "rope_freqs.weight",
        },
        Activation = new(null, "silu"),
        QkvBias = new Flag.ByTensor(WeightRole.QueryBias),
        AttnOutBias = new Flag.ByTensor(WeightRole.AttnOutBias),
        MlpBias = new Flag.ByTensor(WeightRole.MlpUpBias),
        TiedUnembedding = new Flag.ByTensor(WeightRole.Unembedding, WhenStored: false),
        Tensors = new Dictionary<WeightRole, TensorSlot>
        {
            [WeightRole.Embedding] = new("token_embd.weight"),
            [WeightRole.Unembedding] = new("output.weight"),
            [WeightRole.FinalNorm] = new("output_norm.weight"),
            [WeightRole.AttnNorm] = new("blk.{layer}.attn_norm.weight"),
            [WeightRole.MlpNorm] = new("blk.{layer}.ffn_norm.weight"),
            [WeightRole.Query] = new("blk.{layer}.attn_q.weight", RowOrder.InterleavedPairs),
            [WeightRole.QueryBias] = new("blk.{layer}.attn_q.bias", RowOrder.InterleavedPairs),
            [WeightRole.Key] = new("blk.{layer}.attn_k.weight", RowOrder.InterleavedPairs),
            [WeightRole.KeyBias] = new("blk.{layer}.attn_k.bias", RowOrder.InterleavedPairs),
            [WeightRole.Value] = new("blk.{layer}.attn_v.weight"),
            [WeightRole.ValueBias] = new("blk.{layer}.attn_v.bias"),
            [WeightRole.AttnOut] = new("blk.{layer}.attn_output.weight"),
            [WeightRole.AttnOutBias] = new("blk.{layer}.attn_output.bias"),
            [WeightRole.MlpGate] = new("blk.{layer}.ffn_gate.weight"),
            [WeightRole.MlpGateBias] = new("blk.{layer}.ffn_gate.bias"),
            [WeightRole.MlpUp] = new("blk.{layer}.ffn_up.weight"),
            [WeightRole.MlpUpBias] = new("blk.{layer}.ffn_up.bias"),
            [WeightRole.MlpDown] = new("blk.{layer}.ffn_down.weight"),
            [WeightRole.MlpDownBias] = new("blk.{layer}.ffn_down.bias"),
        },
        KnownUnused = ["blk.{layer}.attn_rot_embd"],
        Limited =
        [
            .. GgufKeys.Limited,
            new("llama.rope.scaling.type", "stretched rotary frequencies", "none"),
            new("llama.rope.scaling.factor", "stretched rotary frequencies", "1", "0"),
            new("llama.rope.scale_linear", "stretched rotary frequencies", "1", "0"),
            new("llama.rope.scaling.attn_factor", "scaled attention", "1"),
            new("llama.expert_count", "a mixture of experts", "0"),
            new("llama.expert_used_count", "a mixture of experts", "0"),
            new("llama.tensor_data_layout", "another order of query and key rows", "Meta AI original pth"),
        ],
        // Without scaling the length before stretching says nothing.
        Harmless = [.. GgufKeys.Harmless, "llama.rope.scaling.original_context_length", "llama.rope.scaling.finetuned"],
        Caveat = "A GGUF file of architecture 'llama' cannot say that attention had a sliding window (Mistral 7B v0.1): " +
                 "full attention is computed.",
    };

    /// <summary>Every family; laws that must hold of a family are tested over this list.</summary>
    public static readonly IReadOnlyList<Family> All = [GptNeoX, Llama, LlamaGguf];
}
