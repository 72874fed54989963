namespace Castalia.Architectures;

/// <summary>Keys of config.json that every family may carry (transformers' <c>PretrainedConfig</c>, and what common tools add).</summary>
static class HuggingFaceKeys
{
    /// <summary>Keys that say nothing about the arithmetic of a forward pass at inference.</summary>
    public static readonly IReadOnlyList<string> Harmless =
    [
        "model_type", "architectures", "_name_or_path", "_commit_hash", "transformers_version", "transformers.js_config",
        "unsloth_fixed", "custom_pipelines", "auto_map",
        // The weights say how they are stored; computing is float32 here whatever the file suggests.
        "torch_dtype", "dtype", "use_bfloat16",
        "*_token_id", "tokenizer_class", "prefix",
        // Training only: dropout is the identity at inference.
        "initializer_range", "*dropout", "*dropout_prob", "*_pdrop", "gradient_checkpointing", "tf_legacy_loss",
        // How, not what, is computed.
        "use_cache", "output_past", "_flash_attn_2_enabled", "attn_implementation", "_attn_implementation",
        "_attn_implementation_autoset", "_attn_implementation_internal",
        "chunk_size_feed_forward", "torchscript", "return_dict", "output_attentions", "output_hidden_states",
        // In how many slices a projection is summed: the same sum, rounded differently.
        "pretraining_tp",
        // Heads and labels of other tasks.
        "id2label", "label2id", "num_labels", "_num_labels", "problem_type", "finetuning_task", "task_specific_params", "is_decoder",
        // Sampling.
        "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty",
        "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size",
        "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "output_scores", "return_dict_in_generate",
        "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens",
    ];

    /// <summary>Keys that are understood only where they ask for nothing.</summary>
    public static readonly IReadOnlyList<LimitedKey> Limited =
    [
        new("quantization_config", "weights quantised by another program", "null"),
        new("is_encoder_decoder", "an encoder", "false", "null"),
        new("add_cross_attention", "cross attention", "false", "null"),
        new("cross_attention_hidden_size", "cross attention", "null"),
        new("tie_encoder_decoder", "an encoder", "false", "null"),
        new("pruned_heads", "heads cut out of some blocks", "{}", "null"),
        new("is_causal", "attention to later tokens", "true", "null"),
    ];

    /// <summary>Rotary scaling in both spellings.</summary>
    public static readonly ScalingKeys Scaling = new("rope_scaling", "rope_parameters");
}
