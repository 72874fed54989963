using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Architectures;

/// <summary>Configs that must not be measured: each names what is wrong, where, and what to do.</summary>
public sealed class ArchitectureRefusalTests
{
    static InputException Refused(string model, string changes)
    {
        JsonObject config = JsonNode.Parse(model)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
        {
            config.Remove(key);
            if (value is not JsonValue v || !v.TryGetValue(out string? text) || text != "REMOVED") config[key] = value?.DeepClone();
        }
        return Assert.Throws<InputException>(() => ArchitectureReader.Read(Folder(config.ToJsonString())));
    }

    static void Says(InputException e, string file, string cause, string key, string remedy)
    {
        Assert.Contains(cause, e.Cause, StringComparison.Ordinal);
        Assert.StartsWith(file, e.Place, StringComparison.Ordinal);
        Assert.Contains(key, key.Length > 0 && e.Cause.Contains(key, StringComparison.Ordinal) ? e.Cause : e.Place, StringComparison.Ordinal);
        Assert.Contains(remedy, e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    // sizes
    [InlineData("""{"hidden_size": "16"}""", "'hidden_size' is '16'; expected a whole number", "hidden_size", "correct the value")]
    [InlineData("""{"hidden_size": 16.5}""", "'hidden_size' is '16.5'; expected a whole number", "hidden_size", "correct the value")]
    [InlineData("""{"hidden_size": null}""", "'hidden_size' is 'null'; expected a whole number", "hidden_size", "correct the value")]
    [InlineData("""{"hidden_size": true}""", "'hidden_size' is 'true'; expected a whole number", "hidden_size", "correct the value")]
    [InlineData("""{"num_hidden_layers": -3}""", "'num_hidden_layers' is -3; allowed is a whole number from 1", "num_hidden_layers", "correct")]
    [InlineData("""{"num_hidden_layers": 0}""", "'num_hidden_layers' is 0; allowed", "num_hidden_layers", "correct")]
    [InlineData("""{"vocab_size": 3000000000}""", "'vocab_size' is 3000000000; allowed", "vocab_size", "correct")]
    [InlineData("""{"intermediate_size": 99999999999999999999}""", "is 99999999999999999999; allowed is a whole number from 1 to 2147483647", "intermediate_size", "correct")]
    [InlineData("""{"intermediate_size": [24, 24, 48]}""", "holds [24,24,48]; expected a whole number", "intermediate_size", "differ from each other")]
    [InlineData("""{"num_attention_heads": 3, "num_key_value_heads": 3}""", "'hidden_size' is 16, which is not a multiple of 'num_attention_heads', 3", "hidden_size", "evenly")]
    [InlineData("""{"num_key_value_heads": 3}""", "'num_attention_heads' is 4, which is not a multiple of 'num_key_value_heads', 3", "num_key_value_heads", "evenly")]
    [InlineData("""{"num_key_value_heads": 8}""", "not a multiple", "num_key_value_heads", "evenly")]
    [InlineData("""{"num_attention_heads": 65536, "head_dim": 65536}""", "65536 heads of width 65536 are 4294967296", "", "publisher")]
    // norms and flags
    [InlineData("""{"rms_norm_eps": 0}""", "'rms_norm_eps' is 0; allowed is a number above 0", "rms_norm_eps", "correct")]
    [InlineData("""{"rms_norm_eps": -1e-5}""", "'rms_norm_eps' is -1e-5; allowed", "rms_norm_eps", "correct")]
    [InlineData("""{"rms_norm_eps": "1e-5"}""", "expected a number", "rms_norm_eps", "correct")]
    [InlineData("""{"tie_word_embeddings": "true"}""", "'tie_word_embeddings' is 'true'; expected true or false", "tie_word_embeddings", "correct")]
    [InlineData("""{"attention_bias": 1}""", "expected true or false", "attention_bias", "correct")]
    // activation
    [InlineData("""{"hidden_act": "mish"}""", "Activation 'mish'", "hidden_act", "gelu_new")]
    [InlineData("""{"hidden_act": "laplace"}""", "Activation 'laplace'", "hidden_act", "silu")]
    [InlineData("""{"hidden_act": null}""", "'hidden_act' is 'null'; expected a string", "hidden_act", "correct")]
    [InlineData("""{"hidden_act": ["silu"]}""", "expected a string", "hidden_act", "differ from each other")]
    // rotary
    [InlineData("""{"rope_theta": 0}""", "'rope_theta' is 0; allowed is a number above 0", "rope_theta", "correct")]
    [InlineData("""{"rope_theta": 1e999}""", "'rope_theta' is 1e999; allowed", "rope_theta", "correct")]
    [InlineData("""{"partial_rotary_factor": 0.5}""", "0.5 makes 2 of 4 dimensions of a head rotary; this family turns whole heads", "partial_rotary_factor", "correct")]
    [InlineData("""{"head_dim": 5}""", "'head_dim' = 5 makes 5 of 5 dimensions", "head_dim", "correct")]
    [InlineData("""{"rope_scaling": {"type": "longrope", "factor": 2.0}}""", "Rotary scaling 'longrope' is not supported", "rope_scaling.type", "llama3")]
    [InlineData("""{"rope_scaling": {"rope_type": "ntk", "factor": 2.0}}""", "'ntk'", "rope_scaling.rope_type", "llama3")]
    [InlineData("""{"rope_scaling": {"rope_type": "dynamic"}}""", "'dynamic' needs 'factor'", "rope_scaling.rope_type", "publisher")]
    [InlineData("""{"rope_scaling": {"rope_type": "dynamic", "factor": 2.0, "original_max_position_embeddings": 7}}""", "original context of 7 tokens, and the model another, 32", "rope_scaling.rope_type", "state both")]
    [InlineData("""{"rope_scaling": {"rope_type": "linear", "factor": 0.5}}""", "'rope_scaling.factor' is 0.5; allowed is a number of at least 1", "rope_scaling.factor", "correct")]
    [InlineData("""{"rope_scaling": {"rope_type": "yarn", "factor": 2.0, "beta_fast": 1, "beta_slow": 32}}""", "'beta_fast' is 1; allowed", "beta_fast", "correct")]
    [InlineData("""{"rope_parameters": {"rope_type": "su", "factor": 2.0}}""", "'su'", "rope_parameters.rope_type", "llama3")]
    [InlineData("""{"rope_scaling": {"rope_type": "longrope"}}""", "'longrope'", "rope_scaling.rope_type", "llama3")]
    [InlineData("""{"rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}}""",
        "Rotary scaling 'llama3' needs 'original_max_position_embeddings'", "rope_scaling.rope_type", "whole entry")]
    [InlineData("""{"rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 4.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}""",
        "'rope_scaling.high_freq_factor' is 4.0; allowed is a number above low_freq_factor", "high_freq_factor", "correct")]
    [InlineData("""{"rope_scaling": {"rope_type": "llama3", "factor": 0.5, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}""",
        "'rope_scaling.factor' is 0.5", "rope_scaling.factor", "correct")]
    [InlineData("""{"rope_scaling": {"rope_type": "default", "attention_factor": 1.1}}""", "'rope_scaling.attention_factor' (1.1)", "rope_scaling.attention_factor", "set it to null")]
    [InlineData("""{"rope_scaling": "linear"}""", "'rope_scaling' is 'linear'; expected an object", "rope_scaling", "correct")]
    [InlineData("""{"rope_scaling": {"type": "llama3", "rope_type": "default"}}""", "'rope_scaling.rope_type' (default) and 'rope_scaling.type' (llama3)", "rope_scaling.type", "remove the other")]
    [InlineData("""{"rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}}""", "'rope_theta' (10000.0) and 'rope_parameters.rope_theta' (500000.0)", "rope_theta", "remove the other")]
    [InlineData("""{"rope_interleaved": true}""", "'rope_interleaved' is 'true', which asks for interleaved rotary pairs", "rope_interleaved", "'false'")]
    // keys nobody understands
    [InlineData("""{"sliding_window": 4096}""", "'sliding_window' (4096) is not one Castalia knows for Llama", "sliding_window", "set it to null")]
    [InlineData("""{"layer_types": ["full_attention", "sliding_attention"]}""", "'layer_types'", "layer_types", "set it to null")]
    [InlineData("""{"final_logit_softcapping": 30.0}""", "'final_logit_softcapping' (30.0)", "final_logit_softcapping", "set it to null")]
    [InlineData("""{"quantization_config": {"quant_method": "gptq", "bits": 4}}""", "'quantization_config' is '{\"quant_method\":\"gptq\",\"bits\":4}'", "quantization_config", "another version")]
    [InlineData("""{"is_encoder_decoder": true}""", "asks for an encoder", "is_encoder_decoder", "'false'")]
    [InlineData("""{"pruned_heads": {"0": [1]}}""", "heads cut out", "pruned_heads", "another version")]
    [InlineData("""{"add_cross_attention": true}""", "cross attention", "add_cross_attention", "another version")]
    // family
    [InlineData("""{"model_type": "bert"}""", "Model family 'bert' is not one", "model_type", "gpt_neox, gptj, granite, llama")]
    [InlineData("""{"model_type": "Llama"}""", "'Llama'", "model_type", "gpt_neox, gptj, granite, llama")]
    [InlineData("""{"model_type": 5}""", "expected a string", "model_type", "correct")]
    [InlineData("""{"model_type": "REMOVED"}""", "Key 'model_type' is absent", "", "gpt_neox, gptj, granite, llama")]
    public void A_Llama_config_that_cannot_be_trusted_is_refused(string changes, string cause, string key, string remedy) =>
        Says(Refused(Llama, changes), "/models/m/config.json", cause, key, remedy);

    [Theory]
    [InlineData("""{"rotary_pct": 0}""", "'rotary_pct' is 0; allowed is a number above 0, at most 1", "rotary_pct", "correct")]
    [InlineData("""{"rotary_pct": 1.5}""", "'rotary_pct' is 1.5; allowed", "rotary_pct", "correct")]
    [InlineData("""{"rotary_pct": 0.4}""", "0.4 makes 3 of 8 dimensions of a head rotary; it must be an even number", "rotary_pct", "correct")]
    [InlineData("""{"rotary_pct": 0.1}""", "0.1 makes 0 of 8 dimensions", "rotary_pct", "correct")]
    [InlineData("""{"partial_rotary_factor": 0.5}""", "'rotary_pct' (0.25) and 'partial_rotary_factor' (0.5)", "partial_rotary_factor", "remove the other")]
    [InlineData("""{"rope_theta": 20000}""", "'rotary_emb_base' (10000) and 'rope_theta' (20000)", "rope_theta", "remove the other")]
    [InlineData("""{"num_key_value_heads": 1}""", "'num_key_value_heads' (1) is not one Castalia knows for GPT-NeoX (Pythia)", "num_key_value_heads", "set it to null")]
    [InlineData("""{"use_parallel_residual": 1}""", "expected true or false", "use_parallel_residual", "correct")]
    [InlineData("""{"num_attention_heads": 5}""", "'hidden_size' is 16, which is not a multiple of 'num_attention_heads', 5", "hidden_size", "evenly")]
    public void A_NeoX_config_that_cannot_be_trusted_is_refused(string changes, string cause, string key, string remedy) =>
        Says(Refused(NeoX, changes), "/models/m/config.json", cause, key, remedy);

    static readonly int[] PerBlock = [24, 48, 24], TooMany = [24, 24, 24, 24], Alike = [16, 16, 16];

    static readonly string[] Texts = ["24", "24", "24"];

    public static TheoryData<string, object?, string, string, string> Metadata() => new()
    {
        { "general.architecture", "mamba", "Model family 'mamba'", "general.architecture", "Castalia reads: falcon, gemma3, llama, qwen2, stablelm" },
        { "general.architecture", null, "'general.architecture' is absent", "", "llama" },
        { "llama.block_count", null, "'llama.block_count' is absent, and llama.cpp has no default", "", "incomplete" },
        { "llama.attention.layer_norm_rms_epsilon", null, "'llama.attention.layer_norm_rms_epsilon' is absent", "", "incomplete" },
        { "llama.attention.layer_norm_rms_epsilon", float.NaN, "is NaN; allowed is a number above 0", "layer_norm_rms_epsilon", "correct" },
        { "llama.attention.head_count_kv", PerBlock, "'llama.attention.head_count_kv' differs from block to block: ", "llama.attention.head_count_kv", "differ from each other" },
        { "llama.feed_forward_length", PerBlock, "'llama.feed_forward_length' differs from block to block: ", "llama.feed_forward_length", "differ from each other" },
        { "llama.feed_forward_length", TooMany, "is a list of 4, one for each block; the model has 3 blocks", "llama.feed_forward_length", "publisher" },
        { "llama.feed_forward_length", Texts, "expected a whole number", "llama.feed_forward_length", "differ from each other" },
        { "llama.embedding_length", Alike, "holds an array of 3; expected a whole number", "llama.embedding_length", "differ from each other" },
        { "llama.block_count", uint.MaxValue, "allowed is a whole number from 1 to 65536", "llama.block_count", "correct" },
        { "llama.block_count", 60000u, "counts 60000 blocks", "llama.block_count", "one revision" },
        { "llama.attention.causal", false, "asks for attention to later positions", "llama.attention.causal", "'true'" },
        { "llama.pooling_type", 2u, "asks for pooled outputs", "llama.pooling_type", "'0'" },
        { "llama.rope.scaling.attn_factor", 1.5f, "asks for longer queries and keys without YaRN", "llama.rope.scaling.attn_factor", "'1'" },
        { "llama.rope.scaling.yarn_beta_fast", 8f, "asks for another end of YaRN's ramp", "llama.rope.scaling.yarn_beta_fast", "'32'" },
        { "llama.rope.scale_linear", 0.5f, "'llama.rope.scale_linear' is 0.5; allowed is 0 or a number of at least 1", "llama.rope.scale_linear", "publisher" },
        { "someone.made_up", 1u, "'someone.made_up' (1) is not one Castalia knows", "someone.made_up", "gguf-new-metadata --remove-metadata someone.made_up" },
        { "llama.embedding_length", 0u, "is 0; allowed is a whole number from 1", "llama.embedding_length", "correct" },
        { "llama.embedding_length", ulong.MaxValue, "is 18446744073709551615; allowed is a whole number from 1", "llama.embedding_length", "correct" },
        { "llama.embedding_length", "16", "expected a whole number", "llama.embedding_length", "correct" },
        { "llama.expert_count", 8u, "'llama.expert_count' is '8', which asks for a mixture of experts", "llama.expert_count", "'0'" },
        { "llama.rope.scaling.type", "longrope", "'longrope'", "llama.rope.scaling.type", "none, linear, yarn" },
        { "llama.rope.scaling.factor", 0.5f, "'llama.rope.scaling.factor' is 0.5; allowed is 0 or a number of at least 1", "llama.rope.scaling.factor", "publisher" },
        { "llama.rope.dimension_count", 2u, "2 makes 2 of 4 dimensions of a head rotary; this family turns whole heads", "llama.rope.dimension_count", "correct" },
        { "llama.attention.value_length", 8u, "makes 4 of 8 dimensions", "llama.rope.dimension_count", "correct" },
        { "llama.attention.sliding_window", 4096u, "asks for attention with a window", "sliding_window", "'0'" },
        { "llama.logit_scale", 0.5f, "asks for a factor on the logits", "llama.logit_scale", "'0' or '1'" },
        { "adapter.type", "lora", "'adapter.type' (lora)", "adapter.type", "gguf-new-metadata" },
        { "general.type", "adapter", "an adapter, a projector or another part of a model", "general.type", "'model'" },
    };

    [Theory, MemberData(nameof(Metadata))]
    public void GGUF_metadata_that_cannot_be_trusted_is_refused(string key, object? value, string cause, string where, string remedy)
    {
        var metadata = LlamaMetadata();
        if (value is null) metadata.Remove(key);
        else metadata[key] = value;
        Says(Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(metadata))), "/models/m.gguf", cause, where, remedy);
    }

    [Fact]
    public void Key_and_value_heads_of_different_width_are_refused()
    {
        var metadata = LlamaMetadata();
        metadata["llama.attention.key_length"] = 4u;
        metadata["llama.attention.value_length"] = 8u;
        Says(Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(metadata))), GgufPath,
            "'llama.attention.key_length' (4) and 'llama.attention.value_length' (8)", "value_length", "remove the other");
    }

    [Fact]
    public void Rotary_divisors_that_cannot_be_used_are_refused()
    {
        InputException Read(Tensor divisors) => Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(LlamaMetadata(), divisors)));
        Says(Read(Values("rope_freqs.weight", [1, 2, 3], 3)), "weights", "F32 of shape [3]; rotary divisors are F32 of shape [2]", "rope_freqs.weight", "Convert");
        Says(Read(Shape("rope_freqs.weight", 2)), "weights", "is F16", "rope_freqs.weight", "Convert");
        Says(Read(Values("rope_freqs.weight", [1, 0], 2)), "weights", "Element 1 of 'rope_freqs.weight' is 0", "rope_freqs.weight", "damaged");
        Says(Read(Values("rope_freqs.weight", [float.NaN, 1], 2)), "weights", "Element 0 of 'rope_freqs.weight' is NaN", "rope_freqs.weight", "damaged");
    }

    [Fact]
    public void A_checkpoint_without_config_is_refused()
    {
        var bare = new Checkpoint { Path = FolderPath, Format = CheckpointFormat.Safetensors, Files = [], Tensors = new Dictionary<string, Tensor>() };
        Assert.Equal(
            """
            There is no config.json, so what the weights mean is unknown.
              where: /models/m/config.json
              to do: Download config.json from the same revision as the weights and put it beside them.
            """, Assert.Throws<InputException>(() => ArchitectureReader.Read(bare)).Message);
    }

    [Fact]
    public void An_unknown_key_is_refused_in_these_words() => Assert.Equal(
        """
        Key 'attn_logit_softcapping' (50.0) is not one Castalia knows for Llama, so it may change the arithmetic.
          where: /models/m/config.json, key 'attn_logit_softcapping'
          to do: If LlamaConfig of transformers 4.46 ignores it, set it to null, or leave it out, in a copy of the folder; else the model cannot be measured.
        """, Refused(Llama, """{"attn_logit_softcapping": 50.0}""").Message);
}
