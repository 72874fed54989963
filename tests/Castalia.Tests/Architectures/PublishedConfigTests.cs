using Castalia.Architectures;
using Castalia.Errors;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Architectures;

/// <summary>Keys and values of config.json files as their publishers wrote them: nothing harmless in them may stop a measurement.</summary>
public sealed class PublishedConfigTests
{
    /// <summary>Model, d_model, blocks, query heads, key/value heads, width of a head, config.</summary>
    public static TheoryData<string, int, int, int, int, int, string> Published => new()
    {
        { "gpt2", 768, 12, 12, 12, 64, """
            {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 50256,
             "embd_pdrop": 0.1, "eos_token_id": 50256, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2",
             "n_ctx": 1024, "n_embd": 768, "n_head": 12, "n_inner": null, "n_layer": 12, "n_positions": 1024, "n_special": 0,
             "output_past": true, "predict_special_tokens": true, "resid_pdrop": 0.1, "scale_attn_weights": true,
             "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
             "summary_use_proj": true, "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50}},
             "use_cache": true, "vocab_size": 50257}
            """ },
        { "gpt-j-6b", 4096, 28, 16, 16, 256, """
            {"activation_function": "gelu_new", "architectures": ["GPTJForCausalLM"], "attn_pdrop": 0.0, "bos_token_id": 50256,
             "embd_pdrop": 0.0, "eos_token_id": 50256, "gradient_checkpointing": false, "initializer_range": 0.02,
             "layer_norm_epsilon": 1e-05, "model_type": "gptj", "n_embd": 4096, "n_head": 16, "n_inner": null, "n_layer": 28,
             "n_positions": 2048, "resid_pdrop": 0.0, "rotary": true, "rotary_dim": 64, "scale_attn_weights": true,
             "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
             "summary_use_proj": true, "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50,
             "temperature": 1.0}}, "tie_word_embeddings": false, "tokenizer_class": "GPT2Tokenizer",
             "transformers_version": "4.18.0.dev0", "use_cache": true, "vocab_size": 50400}
            """ },
        { "codegen-350M-mono", 1024, 20, 16, 16, 64, """
            {"activation_function": "gelu_new", "architectures": ["CodeGenForCausalLM"], "attn_pdrop": 0.0, "bos_token_id": 1,
             "embd_pdrop": 0.0, "eos_token_id": 50256, "gradient_checkpointing": false, "initializer_range": 0.02,
             "layer_norm_epsilon": 1e-05, "model_type": "codegen", "n_ctx": 2048, "n_embd": 1024, "n_head": 16, "n_inner": null,
             "n_layer": 20, "n_positions": 2048, "resid_pdrop": 0.0, "rotary_dim": 32, "scale_attn_weights": true,
             "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
             "summary_use_proj": true, "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50}},
             "tie_word_embeddings": false, "tokenizer_class": "GPT2Tokenizer", "torch_dtype": "float16",
             "transformers_version": "4.21.0.dev0", "use_cache": true, "vocab_size": 51200}
            """ },
        { "gpt-neox-20b", 6144, 44, 64, 64, 96, """
            {"architectures": ["GPTNeoXForCausalLM"], "attention_probs_dropout_prob": 0, "bos_token_id": 0, "eos_token_id": 0,
             "hidden_act": "gelu_fast", "hidden_dropout_prob": 0, "hidden_size": 6144, "initializer_range": 0.02,
             "intermediate_size": 24576, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048, "model_type": "gpt_neox",
             "num_attention_heads": 64, "num_hidden_layers": 44, "rotary_emb_base": 10000, "rotary_pct": 0.25,
             "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.19.0.dev0", "use_cache": true,
             "vocab_size": 50432}
            """ },
        { "pythia-6.9b", 4096, 32, 32, 32, 128, """
            {"architectures": ["GPTNeoXForCausalLM"], "attention_bias": true, "attention_dropout": 0.0, "bos_token_id": 0,
             "classifier_dropout": 0.1, "eos_token_id": 0, "hidden_act": "gelu", "hidden_dropout": 0.0, "hidden_size": 4096,
             "initializer_range": 0.02, "intermediate_size": 16384, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048,
             "model_type": "gpt_neox", "num_attention_heads": 32, "num_hidden_layers": 32, "partial_rotary_factor": 0.25,
             "rope_scaling": null, "rope_theta": 10000, "rotary_emb_base": 10000, "rotary_pct": 0.25, "tie_word_embeddings": false,
             "torch_dtype": "float16", "transformers_version": "4.48.0", "use_cache": true, "use_parallel_residual": true,
             "vocab_size": 50432}
            """ },
        { "gpt-neo-1.3B", 2048, 24, 16, 16, 128, """
            {"activation_function": "gelu_new", "architectures": ["GPTNeoForCausalLM"], "attention_dropout": 0, "attention_layers":
             ["global", "local", "global", "local", "global", "local", "global", "local", "global", "local", "global", "local",
              "global", "local", "global", "local", "global", "local", "global", "local", "global", "local", "global", "local"],
             "attention_types": [[["global", "local"], 12]], "bos_token_id": 50256, "embed_dropout": 0, "eos_token_id": 50256,
             "gradient_checkpointing": false, "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": null,
             "layer_norm_epsilon": 1e-05, "max_position_embeddings": 2048, "model_type": "gpt_neo", "num_heads": 16,
             "num_layers": 24, "resid_dropout": 0, "summary_activation": null, "summary_first_dropout": 0.1,
             "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true, "task_specific_params":
             {"text-generation": {"do_sample": true, "max_length": 50, "temperature": 0.9}}, "tokenizer_class": "GPT2Tokenizer",
             "transformers_version": "4.9.0.dev0", "use_cache": true, "vocab_size": 50257, "window_size": 256}
            """ },
        { "opt-6.7b", 4096, 32, 32, 32, 128, """
            {"_name_or_path": "facebook/opt-6.7b", "_remove_final_layer_norm": false, "activation_dropout": 0.0,
             "activation_function": "relu", "architectures": ["OPTForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 2,
             "do_layer_norm_before": true, "dropout": 0.1, "eos_token_id": 2, "ffn_dim": 16384, "hidden_size": 4096,
             "init_std": 0.02, "layerdrop": 0.0, "max_position_embeddings": 2048, "model_type": "opt", "num_attention_heads": 32,
             "num_hidden_layers": 32, "pad_token_id": 1, "prefix": "</s>", "torch_dtype": "float16",
             "transformers_version": "4.20.1", "use_cache": true, "vocab_size": 50272, "word_embed_proj_dim": 4096}
            """ },
        { "bloom-560m", 1024, 24, 16, 16, 64, """
            {"_name_or_path": "bigscience/bloom-560m", "apply_residual_connection_post_layernorm": false, "architectures":
             ["BloomForCausalLM"], "attention_dropout": 0.0, "attention_softmax_in_fp32": true, "bias_dropout_fusion": true,
             "bos_token_id": 1, "eos_token_id": 2, "hidden_dropout": 0.0, "hidden_size": 1024, "initializer_range": 0.02,
             "layer_norm_epsilon": 1e-05, "masked_softmax_fusion": true, "model_type": "bloom", "n_head": 16, "n_inner": null,
             "n_layer": 24, "offset_alibi": 100, "pad_token_id": 3, "pretraining_tp": 1, "skip_bias_add": true,
             "skip_bias_add_qkv": false, "slow_but_exact": false, "transformers_version": "4.26.0", "unk_token_id": 0,
             "use_cache": true, "vocab_size": 250880}
            """ },
        { "falcon-7b", 4544, 32, 71, 1, 64, """
            {"alibi": false, "apply_residual_connection_post_layernorm": false, "architectures": ["FalconForCausalLM"],
             "attention_dropout": 0.0, "auto_map": {"AutoConfig": "configuration_falcon.FalconConfig"}, "bias": false,
             "bos_token_id": 11, "eos_token_id": 11, "hidden_dropout": 0.0, "hidden_size": 4544, "initializer_range": 0.02,
             "layer_norm_epsilon": 1e-05, "model_type": "falcon", "multi_query": true, "new_decoder_architecture": false,
             "num_attention_heads": 71, "num_hidden_layers": 32, "parallel_attn": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.27.4", "use_cache": true, "vocab_size": 65024}
            """ },
        { "falcon-40b", 8192, 60, 128, 8, 64, """
            {"alibi": false, "apply_residual_connection_post_layernorm": false, "architectures": ["FalconForCausalLM"],
             "attention_dropout": 0.0, "bias": false, "bos_token_id": 11, "eos_token_id": 11, "hidden_dropout": 0.0,
             "hidden_size": 8192, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "falcon",
             "new_decoder_architecture": true, "num_attention_heads": 128, "num_hidden_layers": 60, "num_kv_heads": 8,
             "parallel_attn": true, "torch_dtype": "bfloat16", "transformers_version": "4.27.4", "use_cache": true,
             "vocab_size": 65024}
            """ },
        { "falcon-rw-1b", 2048, 24, 32, 32, 64, """
            {"alibi": true, "apply_residual_connection_post_layernorm": false, "architectures": ["FalconForCausalLM"],
             "attention_dropout": 0.0, "bias": true, "bos_token_id": 1, "eos_token_id": 2, "hidden_dropout": 0.0,
             "hidden_size": 2048, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "falcon",
             "multi_query": false, "new_decoder_architecture": false, "num_attention_heads": 32, "num_hidden_layers": 24,
             "parallel_attn": false, "torch_dtype": "bfloat16", "transformers_version": "4.27.4", "use_cache": true,
             "vocab_size": 50304}
            """ },
        { "mpt-7b", 4096, 32, 32, 32, 128, """
            {"architectures": ["MPTForCausalLM"], "attn_config": {"alibi": true, "alibi_bias_max": 8, "attn_impl": "torch",
             "attn_pdrop": 0, "attn_type": "multihead_attention", "attn_uses_sequence_id": false, "clip_qkv": null,
             "prefix_lm": false, "qk_ln": false, "softmax_scale": null}, "auto_map": {"AutoConfig": "configuration_mpt.MPTConfig",
             "AutoModelForCausalLM": "modeling_mpt.MPTForCausalLM"}, "d_model": 4096, "emb_pdrop": 0, "embedding_fraction": 1.0,
             "expansion_ratio": 4, "init_config": {"emb_init_std": null, "emb_init_uniform_lim": null, "fan_mode": "fan_in",
             "init_div_is_residual": true, "init_gain": 0, "init_nonlinearity": "relu", "init_std": 0.02, "name":
             "kaiming_normal_", "verbose": 0}, "init_device": "cpu", "learned_pos_emb": true, "logit_scale": null,
             "max_seq_len": 2048, "model_type": "mpt", "n_heads": 32, "n_layers": 32, "no_bias": true, "norm_type":
             "low_precision_layernorm", "resid_pdrop": 0, "tokenizer_name": "EleutherAI/gpt-neox-20b", "torch_dtype": "bfloat16",
             "transformers_version": "4.28.1", "use_cache": false, "verbose": 0, "vocab_size": 50432}
            """ },
        { "starcoder", 6144, 40, 48, 1, 128, """
            {"activation_function": "gelu", "architectures": ["GPTBigCodeForCausalLM"], "attention_softmax_in_fp32": true,
             "attn_pdrop": 0.1, "bos_token_id": 0, "embd_pdrop": 0.1, "eos_token_id": 0, "inference_runner": 0,
             "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "max_batch_size": null, "max_sequence_length": null,
             "model_type": "gpt_bigcode", "multi_query": true, "n_embd": 6144, "n_head": 48, "n_inner": 24576, "n_layer": 40,
             "n_positions": 8192, "pad_key_length": true, "pre_allocate_kv_cache": false, "resid_pdrop": 0.1,
             "scale_attention_softmax_in_fp32": true, "scale_attn_weights": true, "summary_activation": null,
             "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true,
             "transformers_version": "4.28.1", "use_cache": true, "validate_runner_input": true, "vocab_size": 49152}
            """ },
        { "starcoder2-15b", 6144, 40, 48, 4, 128, """
            {"_name_or_path": "/aot/checkpoints/15b/config.json", "architectures": ["Starcoder2ForCausalLM"], "attention_dropout": 0.0,
             "bos_token_id": 0, "eos_token_id": 0, "hidden_act": "gelu_pytorch_tanh", "hidden_size": 6144, "initializer_range": 0.01275,
             "intermediate_size": 24576, "max_position_embeddings": 16384, "mlp_type": "default", "model_type": "starcoder2",
             "norm_epsilon": 1e-05, "norm_type": "layer_norm", "num_attention_heads": 48, "num_hidden_layers": 40,
             "num_key_value_heads": 4, "rms_norm_eps": 1e-05, "rope_theta": 100000, "sliding_window": 4096,
             "tie_word_embeddings": false, "torch_dtype": "float32", "transformers_version": "4.37.0.dev0", "use_bias": true,
             "use_cache": true, "vocab_size": 49152}
            """ },
        { "phi-1", 2048, 24, 32, 32, 64, """
            {"_name_or_path": "microsoft/phi-1", "architectures": ["PhiForCausalLM"], "auto_map": {"AutoConfig":
             "configuration_phi.PhiConfig", "AutoModelForCausalLM": "modeling_phi.PhiForCausalLM"}, "attention_dropout": 0.0,
             "bos_token_id": null, "embd_pdrop": 0.0, "eos_token_id": null, "hidden_act": "gelu_new", "hidden_size": 2048,
             "initializer_range": 0.02, "intermediate_size": 8192, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048,
             "model_type": "phi", "num_attention_heads": 32, "num_hidden_layers": 24, "num_key_value_heads": null,
             "partial_rotary_factor": 0.5, "qk_layernorm": false, "resid_pdrop": 0.0, "rope_scaling": null, "rope_theta": 10000.0,
             "tie_word_embeddings": false, "torch_dtype": "float32", "transformers_version": "4.37.0", "use_cache": true,
             "vocab_size": 51200}
            """ },
        { "phi-2", 2560, 32, 32, 32, 80, """
            {"_name_or_path": "microsoft/phi-2", "architectures": ["PhiForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 50256,
             "embd_pdrop": 0.0, "eos_token_id": 50256, "hidden_act": "gelu_new", "hidden_size": 2560, "initializer_range": 0.02,
             "intermediate_size": 10240, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048, "model_type": "phi",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "partial_rotary_factor": 0.4,
             "qk_layernorm": false, "resid_pdrop": 0.1, "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": false,
             "torch_dtype": "float16", "transformers_version": "4.37.0.dev0", "use_cache": true, "vocab_size": 51200}
            """ },
        { "Phi-3-mini-4k-instruct", 3072, 32, 32, 32, 96, """
            {"_name_or_path": "Phi-3-mini-4k-instruct", "architectures": ["Phi3ForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "auto_map": {"AutoConfig": "configuration_phi3.Phi3Config", "AutoModelForCausalLM":
             "modeling_phi3.Phi3ForCausalLM"}, "bos_token_id": 1, "embd_pdrop": 0.0, "eos_token_id": 32000, "hidden_act": "silu",
             "hidden_size": 3072, "initializer_range": 0.02, "intermediate_size": 8192, "max_position_embeddings": 4096,
             "model_type": "phi3", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
             "original_max_position_embeddings": 4096, "pad_token_id": 32000, "resid_pdrop": 0.0, "rms_norm_eps": 1e-05,
             "rope_scaling": null, "rope_theta": 10000.0, "sliding_window": 2047, "tie_word_embeddings": false, "torch_dtype":
             "bfloat16", "transformers_version": "4.40.2", "use_cache": true, "vocab_size": 32064}
            """ },
        { "c4ai-command-r-v01", 8192, 40, 64, 64, 128, """
            {"architectures": ["CohereForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 5,
             "eos_token_id": 255001, "hidden_act": "silu", "hidden_size": 8192, "initializer_range": 0.02, "intermediate_size": 22528,
             "layer_norm_eps": 1e-05, "logit_scale": 0.0625, "max_position_embeddings": 8192, "model_max_length": 131072,
             "model_type": "cohere", "num_attention_heads": 64, "num_hidden_layers": 40, "num_key_value_heads": 64,
             "pad_token_id": 0, "pretraining_tp": 1, "rope_theta": 8000000.0, "torch_dtype": "float16", "transformers_version":
             "4.38.2", "use_cache": true, "use_qk_norm": false, "vocab_size": 256000}
            """ },
        { "stablelm-zephyr-3b", 2560, 32, 32, 32, 80, """
            {"architectures": ["StableLmForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 0, "eos_token_id": 0, "hidden_act":
             "silu", "hidden_dropout": 0.0, "hidden_size": 2560, "initializer_range": 0.02, "intermediate_size": 6912,
             "layer_norm_eps": 1e-05, "max_position_embeddings": 4096, "model_type": "stablelm", "num_attention_heads": 32,
             "num_hidden_layers": 32, "num_key_value_heads": 32, "partial_rotary_factor": 0.25, "rope_scaling": null,
             "rope_theta": 10000, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.38.0",
             "use_cache": true, "use_qkv_bias": false, "vocab_size": 50304}
            """ },
        { "stablelm-2-12b", 5120, 40, 32, 8, 160, """
            {"architectures": ["StableLmForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 100257, "eos_token_id": 100257,
             "hidden_act": "silu", "hidden_dropout": 0.0, "hidden_size": 5120, "initializer_range": 0.02, "intermediate_size": 13824,
             "layer_norm_eps": 1e-05, "max_position_embeddings": 4096, "model_type": "stablelm", "num_attention_heads": 32,
             "num_hidden_layers": 40, "num_key_value_heads": 8, "partial_rotary_factor": 0.25, "qk_layernorm": true, "rope_theta":
             10000, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.40.0", "use_cache": true,
             "use_parallel_residual": true, "use_qkv_bias": false, "vocab_size": 100352}
            """ },
        { "OLMo-1B-hf", 2048, 16, 16, 16, 128, """
            {"architectures": ["OlmoForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "clip_qkv": null, "eos_token_id":
             50279, "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 8192,
             "max_position_embeddings": 2048, "model_type": "olmo", "num_attention_heads": 16, "num_hidden_layers": 16,
             "num_key_value_heads": 16, "pad_token_id": 1, "pretraining_tp": 1, "rope_scaling": null, "rope_theta": 10000.0,
             "tie_word_embeddings": true, "torch_dtype": "float32", "transformers_version": "4.40.0.dev0", "use_cache": true,
             "vocab_size": 50304}
            """ },
        { "OLMo-2-1124-7B", 4096, 32, 32, 32, 128, """
            {"_name_or_path": "allenai/open_instruct_dev", "architectures": ["Olmo2ForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "eos_token_id": 100257, "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
             "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "olmo2", "num_attention_heads": 32,
             "num_hidden_layers": 32, "num_key_value_heads": 32, "pad_token_id": 100277, "rms_norm_eps": 1e-06, "rope_scaling": null,
             "rope_theta": 500000, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.47.0.dev0",
             "use_cache": false, "vocab_size": 100352}
            """ },
        { "granite-3.3-8b-instruct", 4096, 40, 32, 8, 128, """
            {"architectures": ["GraniteForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "attention_multiplier": 0.0078125,
             "bos_token_id": 0, "embedding_multiplier": 12.0, "eos_token_id": 0, "hidden_act": "silu", "hidden_size": 4096,
             "initializer_range": 0.02, "intermediate_size": 12800, "logits_scaling": 16.0, "max_position_embeddings": 131072,
             "mlp_bias": false, "model_type": "granite", "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8,
             "pad_token_id": 0, "residual_multiplier": 0.22, "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 10000000.0,
             "tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.49.0", "use_cache": true,
             "vocab_size": 49159}
            """ },
        { "Mistral-7B-v0.1", 4096, 32, 32, 8, 128, """
            {"architectures": ["MistralForCausalLM"], "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096,
             "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 32768, "model_type": "mistral",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta":
             10000.0, "sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version":
             "4.34.0.dev0", "use_cache": true, "vocab_size": 32000}
            """ },
        { "Mistral-Nemo-Base-2407", 5120, 40, 32, 8, 128, """
            {"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "head_dim": 128,
             "hidden_act": "silu", "hidden_size": 5120, "initializer_range": 0.02, "intermediate_size": 14336,
             "max_position_embeddings": 131072, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 40,
             "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null,
             "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.43.0.dev0", "use_cache": true,
             "vocab_size": 131072}
            """ },
        { "Mixtral-8x7B-v0.1", 4096, 32, 32, 8, 128, """
            {"architectures": ["MixtralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "hidden_act":
             "silu", "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 32768,
             "model_type": "mixtral", "num_attention_heads": 32, "num_experts_per_tok": 2, "num_hidden_layers": 32,
             "num_key_value_heads": 8, "num_local_experts": 8, "output_router_logits": false, "rms_norm_eps": 1e-05, "rope_theta":
             1000000.0, "router_aux_loss_coef": 0.02, "sliding_window": null, "tie_word_embeddings": false, "torch_dtype":
             "bfloat16", "transformers_version": "4.36.0.dev0", "use_cache": true, "vocab_size": 32000}
            """ },
        { "Llama-3.1-8B", 4096, 32, 32, 8, 128, """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 128000,
             "eos_token_id": [128001, 128008, 128009], "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
             "intermediate_size": 14336, "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
             "rope_type": "llama3"}, "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
             "transformers_version": "4.43.0.dev0", "use_cache": true, "vocab_size": 128256}
            """ },
        { "TinyLlama-1.1B-Chat-v1.0", 2048, 22, 32, 4, 64, """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu",
             "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 5632, "max_position_embeddings": 2048,
             "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 22, "num_key_value_heads": 4, "pretraining_tp": 1,
             "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": false, "torch_dtype":
             "bfloat16", "transformers_version": "4.35.0", "use_cache": true, "vocab_size": 32000}
            """ },
        { "SmolLM2-1.7B-Instruct", 2048, 24, 32, 32, 64, """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2,
             "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 8192, "is_llama_config": true,
             "max_position_embeddings": 8192, "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32,
             "num_hidden_layers": 24, "num_key_value_heads": 32, "pad_token_id": 2, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_interleaved": false, "rope_scaling": null, "rope_theta": 130000, "tie_word_embeddings": true, "torch_dtype":
             "bfloat16", "transformers_version": "4.42.3", "transformers.js_config": {"dtype": "q4", "kv_cache_dtype": {"q4f16":
             "float16", "fp16": "float16"}, "use_external_data_format": {"model.onnx": true, "model_fp16.onnx": true}},
             "use_cache": true, "vocab_size": 49152}
            """ },
        { "deepseek-llm-7b-base", 4096, 30, 32, 32, 128, """
            {"architectures": ["LlamaForCausalLM"], "bos_token_id": 100000, "eos_token_id": 100001, "hidden_act": "silu", "hidden_size":
             4096, "initializer_range": 0.02, "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 30, "num_key_value_heads": 32, "pretraining_tp": 1, "rms_norm_eps": 1e-06,
             "rope_scaling": null, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.33.1",
             "use_cache": true, "vocab_size": 102400}
            """ },
        { "deepseek-coder-6.7b-base", 4096, 32, 32, 32, 128, """
            {"architectures": ["LlamaForCausalLM"], "bos_token_id": 32013, "eos_token_id": 32014, "hidden_act": "silu", "hidden_size": 4096,
             "initializer_range": 0.02, "intermediate_size": 11008, "max_position_embeddings": 16384, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "pretraining_tp": 1, "rms_norm_eps": 1e-06,
             "rope_scaling": {"factor": 4.0, "type": "linear"}, "rope_theta": 100000, "tie_word_embeddings": false, "torch_dtype":
             "bfloat16", "transformers_version": "4.33.1", "use_cache": true, "vocab_size": 32256}
            """ },
        { "Qwen2.5-7B-Instruct", 3584, 28, 28, 4, 128, """
            {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151645, "hidden_act":
             "silu", "hidden_size": 3584, "initializer_range": 0.02, "intermediate_size": 18944, "max_position_embeddings": 32768,
             "max_window_layers": 28, "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28,
             "num_key_value_heads": 4, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 131072,
             "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.43.1", "use_cache": true,
             "use_mrope": false, "use_sliding_window": false, "vocab_size": 152064}
            """ },
        { "Qwen3-0.6B", 1024, 28, 16, 8, 128, """
            {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 151643,
             "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024, "initializer_range": 0.02,
             "intermediate_size": 3072, "max_position_embeddings": 40960, "max_window_layers": 28, "model_type": "qwen3",
             "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": null,
             "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.51.0", "use_cache": true, "use_sliding_window": false, "vocab_size": 151936}
            """ },
        { "gemma-7b", 3072, 28, 16, 16, 256, """
            {"architectures": ["GemmaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 2, "eos_token_id": 1,
             "head_dim": 256, "hidden_act": "gelu", "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 3072, "initializer_range":
             0.02, "intermediate_size": 24576, "max_position_embeddings": 8192, "model_type": "gemma", "num_attention_heads": 16,
             "num_hidden_layers": 28, "num_key_value_heads": 16, "pad_token_id": 0, "rms_norm_eps": 1e-06, "rope_scaling": null,
             "rope_theta": 10000.0, "torch_dtype": "bfloat16", "transformers_version": "4.38.0.dev0", "use_cache": true,
             "vocab_size": 256000}
            """ },
        { "gemma-2-9b", 3584, 42, 16, 8, 256, """
            {"architectures": ["Gemma2ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "attn_logit_softcapping": 50.0,
             "bos_token_id": 2, "cache_implementation": "hybrid", "eos_token_id": 1, "final_logit_softcapping": 30.0, "head_dim": 256,
             "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 3584, "initializer_range": 0.02,
             "intermediate_size": 14336, "max_position_embeddings": 8192, "model_type": "gemma2", "num_attention_heads": 16,
             "num_hidden_layers": 42, "num_key_value_heads": 8, "pad_token_id": 0, "query_pre_attn_scalar": 256, "rms_norm_eps": 1e-06,
             "rope_theta": 10000.0, "sliding_window": 4096, "sliding_window_size": 4096, "torch_dtype": "float32",
             "transformers_version": "4.42.0.dev0", "use_cache": true, "vocab_size": 256000}
            """ },
        { "gemma-3-1b-it", 1152, 26, 4, 1, 256, """
            {"architectures": ["Gemma3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "attn_logit_softcapping": null,
             "bos_token_id": 2, "cache_implementation": "hybrid", "eos_token_id": [1, 106], "final_logit_softcapping": null,
             "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 1152, "initializer_range": 0.02,
             "intermediate_size": 6912, "max_position_embeddings": 32768, "model_type": "gemma3_text", "num_attention_heads": 4,
             "num_hidden_layers": 26, "num_key_value_heads": 1, "pad_token_id": 0, "query_pre_attn_scalar": 256, "rms_norm_eps": 1e-06,
             "rope_local_base_freq": 10000, "rope_scaling": null, "rope_theta": 1000000, "sliding_window": 512,
             "sliding_window_pattern": 6, "torch_dtype": "bfloat16", "transformers_version": "4.50.0.dev0", "use_cache": true,
             "vocab_size": 262144}
            """ },
    };

    [Theory, MemberData(nameof(Published))]
    public void A_published_config_reads_as_the_model_it_is(
        string model, int dModel, int layers, int heads, int kvHeads, int headDim, string config)
    {
        Architecture a = ArchitectureReader.Read(Folder(config));
        Assert.True(
            (dModel, layers, heads, kvHeads, headDim) == (a.DModel, a.NLayers, a.NHeads, a.NKvHeads, a.HeadDim),
            $"{model}: {(a.DModel, a.NLayers, a.NHeads, a.NKvHeads, a.HeadDim)}");
    }

    [Theory]
    [InlineData("mpt", """{"attn_config": {"alibi": true, "alibi_bias_max": 16, "clip_qkv": 6}}""", "attn_config/alibi_bias_max")] // MPT-7B-StoryWriter
    [InlineData("mpt", """{"attn_config": {"qk_ln": true}}""", "attn_config/qk_ln")]
    [InlineData("bloom", """{"pretraining_tp": 2, "slow_but_exact": true}""", "slow_but_exact")]
    [InlineData("opt", """{"do_layer_norm_before": false, "word_embed_proj_dim": 512}""", "do_layer_norm_before")] // OPT-350m
    [InlineData("phi3", """{"rope_scaling": {"type": "longrope", "long_factor": [1.0], "short_factor": [1.0]}}""", "longrope")] // Phi-3-mini-128k
    [InlineData("phi3", """{"rope_scaling": {"type": "yarn", "factor": 4.0}}""", "yarn")]
    [InlineData("phi3", """{"rope_scaling": {"type": "linear", "factor": 4.0}}""", "linear")]
    [InlineData("gemma", """{"hidden_act": "silu"}""", "hidden_act")]
    [InlineData("gemma", """{"hidden_activation": "gelu"}""", "hidden_activation")]
    [InlineData("gemma", """{"use_bidirectional_attention": true}""", "use_bidirectional_attention")]
    [InlineData("gemma3_text", """{"attn_logit_softcapping": 50.0}""", "attn_logit_softcapping")]
    [InlineData("mistral", """{"num_hidden_layers": 2, "sliding_window": 4, "layer_types": ["full_attention", "sliding_attention"]}""", "layer_types")]
    [InlineData("qwen2", """{"num_hidden_layers": 2, "sliding_window": 4, "layer_types": ["full_attention", "sliding_attention"]}""", "layer_types")]
    [InlineData("gpt2", """{"add_cross_attention": true}""", "add_cross_attention")]
    [InlineData("gptj", """{"rotary_dim": null}""", "rotary_dim")]
    public void A_key_that_changes_the_arithmetic_and_is_not_computed_is_named(string family, string keys, string named)
    {
        string config = keys.Insert(1, $"\"model_type\": \"{family}\", ");
        InputException e = Assert.Throws<InputException>(() => ArchitectureReader.Read(Folder(config)));
        Assert.Contains(named, e.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma2", "")]
    [InlineData("gemma3_text", "")]
    [InlineData("qwen2", "\"use_sliding_window\": true, ")]
    [InlineData("qwen3", "\"use_sliding_window\": true, ")]
    public void A_list_of_kinds_is_followed_where_the_reference_follows_it(string family, string allowed)
    {
        Architecture a = ArchitectureReader.Read(Folder(
            $$"""{"model_type": "{{family}}", {{allowed}}"num_hidden_layers": 3, "sliding_window": 4, "layer_types": """ +
            """["sliding_attention", "full_attention", "full_attention"]}"""));
        Assert.Equal([4, null, null], a.Windows);
    }

    [Theory]
    [InlineData("""{"rope_type": "dynamic", "factor": 2.0}""", int.MaxValue)]
    [InlineData("""{"rope_type": "linear", "factor": 4.0}""", 128)]
    [InlineData("""{"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}""", 64)]
    [InlineData("""{"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4}""", 32)]
    [InlineData("""{"rope_type": "default"}""", 32)]
    public void Scaled_frequencies_take_a_context_as_far_as_they_say(string scaling, int nCtx) => Assert.Equal(
        nCtx, ArchitectureReader.Read(Folder($$"""{"model_type": "llama", "max_position_embeddings": 32, "rope_scaling": {{scaling}}}""")).NCtx);

    [Fact]
    public void Rotary_keys_beside_penalties_on_distance_change_nothing()
    {
        const string falcon = """{"model_type": "falcon", "alibi": true, "num_attention_heads": 64, "hidden_size": 4096""";
        Architecture without = ArchitectureReader.Read(Folder(falcon + "}"));
        Architecture with = ArchitectureReader.Read(Folder(
            falcon + ""","rope_theta": 500.0, "rope_scaling": null, "rope_parameters": {"rope_type": "linear", "factor": 2.0}}"""));
        Assert.Null(with.Rotary);
        Assert.NotNull(with.Alibi);
        Assert.Equal((without.Alibi, without.NCtx, without.AttentionScale), (with.Alibi, with.NCtx, with.AttentionScale));
        Assert.Equal(without.Defaults, with.Defaults);
    }

    /// <summary>By hand: 2^(−1/2) = 0.70710678 is 0.70703125 in bfloat16, whose steps are 2^-8 there; times 3 is 2.12109375, of steps 2^-6.</summary>
    [Fact]
    public void Penalties_in_bfloat16_grow_as_its_products_round()
    {
        var alibi = new Alibi(8, InBFloat16: true);
        Assert.Equal([0f, 0.70703125f, 1.4140625f, 2.125f], alibi.Grown(Math.Sqrt(0.5), 4));
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f], alibi.Grown(0.25, 4));
        Assert.Equal(256f, alibi.Grown(1, 258)[257]); // 257 itself is halfway between 256 and 258, and goes to the even one
        Assert.Equal((float)(Math.Sqrt(0.5) * 3), new Alibi(8).Grown(Math.Sqrt(0.5), 4)[3]);
    }
}
