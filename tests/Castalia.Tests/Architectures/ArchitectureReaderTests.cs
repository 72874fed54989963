using Castalia.Architectures;
using Castalia.Checkpoints;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Architectures;

public sealed class ArchitectureReaderTests
{
    static Architecture Golden(string name) =>
        ArchitectureReader.Read(Folder(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "configs", name + ".json"))));

    static Architecture Read(string config) => ArchitectureReader.Read(Folder(config));

    static Architecture Read(Dictionary<string, object> metadata, params IEnumerable<Tensor> tensors) =>
        ArchitectureReader.Read(Gguf(metadata, tensors));

    [Theory]
    [InlineData("gpt_neox-bin-legacy", 4, 64, 4, 16, 256, 199, 64, Wiring.ParallelTwoNorms, 4)]
    [InlineData("gpt_neox-fp16-sharded", 6, 96, 6, 16, 384, 199, 64, Wiring.ParallelTwoNorms, 4)]
    [InlineData("gpt_neox-pythia", 4, 64, 4, 16, 256, 199, 64, Wiring.ParallelTwoNorms, 4)]
    [InlineData("gpt_neox-pythia-as-shipped", 4, 64, 4, 16, 256, 199, 64, Wiring.ParallelTwoNorms, 4)]
    [InlineData("gpt_neox-sequential-f32", 4, 64, 4, 16, 256, 199, 64, Wiring.Sequential, 16)]
    internal void Every_reference_NeoX_reads_as_what_it_is(
        string name, int layers, int dModel, int heads, int headDim, int dFf, int dVocab, int nCtx, Wiring wiring, int rotaryDims)
    {
        Architecture a = Golden(name);
        Assert.Same(Families.GptNeoX, a.Family);
        Assert.Equal((layers, dModel, heads, heads, headDim), (a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim));
        Assert.Equal((dFf, dVocab, nCtx), (a.DFf, a.DVocab, a.NCtx));
        Assert.Equal((NormKind.LayerNorm, 1e-5, wiring), (a.Norm, a.NormEpsilon, a.Wiring));
        Assert.Equal(new Rotary { Dims = rotaryDims, Pairing = RotaryPairing.HalfSplit, Base = 10000 }, a.Rotary);
        Assert.Equal((Activation.GeluErf, MlpKind.Plain), (a.Activation, a.Mlp));
        Assert.Equal((true, true, true, false), (a.QkvBias, a.AttnOutBias, a.MlpBias, a.TiedUnembedding));
        Assert.Equal(0.25, a.AttentionScale);
        Assert.Equal(["rope_scaling.rope_type", "attention_bias"], a.Defaults.Select(d => d.Key));
    }

    [Theory]
    [InlineData("llama-gqa", 128, 2, 1e4, false, false)]
    [InlineData("llama-llama31", 512, 2, 5e5, false, true)]
    [InlineData("llama-llama31-v5-config", 512, 2, 5e5, false, true)]
    [InlineData("llama-mha-sparse-config", 128, 8, 1e4, false, false)]
    [InlineData("llama-tied-bias-f32", 128, 2, 1e4, true, false)]
    public void Every_reference_Llama_reads_as_what_it_is(string name, int nCtx, int kvHeads, double theta, bool tiedAndBiased, bool stretched)
    {
        Architecture a = Golden(name);
        Assert.Same(Families.Llama, a.Family);
        Assert.Equal((4, 64, 8, kvHeads, 8), (a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim));
        Assert.Equal((172, 227, nCtx), (a.DFf, a.DVocab, a.NCtx));
        Assert.Equal((NormKind.RmsNorm, 1e-5, Wiring.Sequential), (a.Norm, a.NormEpsilon, a.Wiring));
        var scaling = stretched ? new RotaryScaling.Llama3(8, 1, 4, 64) : null;
        Assert.Equal(new Rotary { Dims = 8, Pairing = RotaryPairing.HalfSplit, Base = theta, Scaling = scaling }, a.Rotary);
        Assert.Equal((Activation.Silu, MlpKind.Gated), (a.Activation, a.Mlp));
        Assert.Equal((tiedAndBiased, tiedAndBiased, tiedAndBiased, tiedAndBiased), (a.QkvBias, a.AttnOutBias, a.MlpBias, a.TiedUnembedding));
    }

    [Fact]
    public void The_two_spellings_of_one_model_read_the_same()
    {
        Architecture older = Golden("llama-llama31"), newer = Golden("llama-llama31-v5-config");
        Assert.Equal(older with { Defaults = [] }, newer with { Defaults = [] });
    }

    [Fact]
    public void A_trained_checkpoint_reads_as_what_it_is()
    {
        Architecture a = Golden("llama-stories260k");
        Assert.Equal((5, 64, 8, 4, 8, 172, 512, 512), (a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim, a.DFf, a.DVocab, a.NCtx));
        Assert.True(a.TiedUnembedding);
        Assert.Equal(32768 + 64 + 5 * (2 * 64 + 2 * 64 * 64 + 2 * 32 * 64 + 3 * 172 * 64), a.ExpectedParameters);
    }

    [Fact]
    public void What_was_absent_is_recorded_with_its_value_and_source()
    {
        string source = "LlamaConfig of transformers 4.46";
        Assert.Equal(
            [
                new("num_key_value_heads", "8 (num_attention_heads)", source),
                new("head_dim", "8 (hidden_size / num_attention_heads)", source),
                new("rope_theta", "10000", source),
                new("rope_scaling.rope_type", "default", source),
                new("attention_bias", "false", source),
                new("mlp_bias", "false", source),
            ],
            Golden("llama-mha-sparse-config").Defaults);
    }

    [Fact]
    public void An_empty_NeoX_config_is_the_reference_default_GPT_NeoX_20B()
    {
        Architecture a = Read("""{"model_type": "gpt_neox"}""");
        Assert.Equal((44, 6144, 64, 96, 24576, 50432, 2048), (a.NLayers, a.DModel, a.NHeads, a.HeadDim, a.DFf, a.DVocab, a.NCtx));
        Assert.Equal((24, 1e4, 1e-5), (a.Rotary!.Dims, a.Rotary!.Base, a.NormEpsilon));
        Assert.Equal(20_554_567_680, a.ExpectedParameters); // 20.6 billion, as published
        Assert.Equal(14, a.Defaults.Count);
    }

    // Sizes and totals as published for the Pythia suite.
    [Theory]
    [InlineData("14m", 6, 128, 4, 50304, 14_067_712)]
    [InlineData("31m", 6, 256, 8, 50304, 30_494_720)]
    [InlineData("70m", 6, 512, 8, 50304, 70_426_624)]
    [InlineData("160m", 12, 768, 12, 50304, 162_322_944)]
    [InlineData("410m", 24, 1024, 16, 50304, 405_334_016)]
    [InlineData("1b", 16, 2048, 8, 50304, 1_011_781_632)]
    [InlineData("1.4b", 24, 2048, 16, 50304, 1_414_647_808)]
    [InlineData("2.8b", 32, 2560, 32, 50304, 2_775_208_960)]
    [InlineData("6.9b", 32, 4096, 32, 50432, 6_857_302_016)]
    [InlineData("12b", 36, 5120, 40, 50688, 11_846_072_320)]
    public void Every_Pythia_has_the_parameters_it_was_published_with(string size, int layers, int dModel, int heads, int vocab, long parameters)
    {
        Architecture a = Read($$"""
            {"model_type": "gpt_neox", "num_hidden_layers": {{layers}}, "hidden_size": {{dModel}}, "num_attention_heads": {{heads}},
             "intermediate_size": {{4 * dModel}}, "vocab_size": {{vocab}}, "rotary_pct": 0.25}
            """);
        Assert.True(parameters == a.ExpectedParameters, $"pythia-{size}: {a.ExpectedParameters}");
        Assert.Equal(dModel / heads / 4, a.Rotary!.Dims);
    }

    [Fact]
    public void Llama_3_1_8B_has_the_parameters_it_was_published_with() => Assert.Equal(8_030_261_248, Read("""
        {"model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8,
         "intermediate_size": 14336, "vocab_size": 128256}
        """).ExpectedParameters);

    [Theory]
    [InlineData("gelu", Activation.GeluErf)]
    [InlineData("gelu_new", Activation.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", Activation.GeluTanh)]
    [InlineData("gelu_fast", Activation.GeluTanh)]
    [InlineData("swish", Activation.Silu)]
    [InlineData("silu", Activation.Silu)]
    [InlineData("relu", Activation.Relu)]
    internal void An_activation_is_read_by_its_name(string name, Activation activation) =>
        Assert.Equal(activation, Read($$"""{"model_type": "gpt_neox", "hidden_act": "{{name}}"}""").Activation);

    [Fact]
    public void A_head_may_be_wider_than_its_share_of_the_stream() =>
        Assert.Equal(48, Read("""{"model_type": "llama", "hidden_size": 100, "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 48}""").HeadDim);

    [Fact]
    public void A_null_head_width_is_an_absent_one() =>
        Assert.Equal(128, Read("""{"model_type": "llama", "head_dim": null, "rope_scaling": null}""").HeadDim);

    [Fact]
    public void The_newer_NeoX_spelling_reads_as_the_older()
    {
        Rotary newer = Read("""{"model_type": "gpt_neox", "rope_parameters": {"rope_type": "default", "rope_theta": 20000, "partial_rotary_factor": 0.5}}""").Rotary!;
        Rotary between = Read("""{"model_type": "gpt_neox", "rope_theta": 20000.0, "partial_rotary_factor": 0.5}""").Rotary!;
        Rotary older = Read("""{"model_type": "gpt_neox", "rotary_emb_base": 20000, "rotary_pct": 0.5}""").Rotary!;
        Assert.Equal(new Rotary { Dims = 48, Pairing = RotaryPairing.HalfSplit, Base = 20000 }, older);
        Assert.Equal(older, newer);
        Assert.Equal(older, between);
    }

    [Fact]
    public void Both_spellings_may_stand_side_by_side_where_they_agree() => Assert.Equal(20000, Read(
        """{"model_type": "llama", "rope_theta": 20000, "rope_scaling": null, "rope_parameters": {"rope_type": "default", "rope_theta": 20000.0}}""").Rotary!.Base);

    [Fact]
    public void The_legacy_key_type_names_the_scaling() => Assert.Equal(new RotaryScaling.Llama3(8, 1, 4, 8192), Read("""
        {"model_type": "llama", "rope_scaling": {"type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
         "original_max_position_embeddings": 8192}}
        """).Rotary!.Scaling);

    [Fact]
    public void NeoX_without_attention_biases_has_none()
    {
        Architecture a = Read("""{"model_type": "gpt_neox", "attention_bias": false}""");
        Assert.Equal((false, false, true), (a.QkvBias, a.AttnOutBias, a.MlpBias));
        Assert.DoesNotContain(WeightRole.QueryBias, WeightShapes.Needed(a));
        Assert.DoesNotContain(WeightRole.AttnOutBias, WeightShapes.Needed(a));
    }

    [Fact]
    public void Keys_known_to_be_harmless_change_nothing()
    {
        Architecture plain = Read(InMemory.Llama);
        Architecture decorated = Read(InMemory.Llama.Replace("{", """
            {"architectures": ["LlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": [2, 3], "use_cache": false, "attention_dropout": 0.1,
             "torch_dtype": "bfloat16", "dtype": "bfloat16", "pretraining_tp": 2, "transformers_version": "4.40.1", "is_llama_config": true,
             "rope_interleaved": false, "transformers.js_config": {"dtype": "q4"}, "_name_or_path": "x", "initializer_range": 0.02,
            """, StringComparison.Ordinal));
        Assert.Equal(plain with { Defaults = [] }, decorated with { Defaults = [] });
    }

    [Fact]
    public void GGUF_metadata_reads_as_the_same_description()
    {
        Architecture folder = Read(InMemory.Llama);
        Architecture gguf = Read(LlamaMetadata(), Shape("output.weight", 50, 16));
        Assert.Same(Families.LlamaGguf, gguf.Family);
        Assert.Equal(folder with { Defaults = [] }, gguf with { Family = Families.Llama, Tensors = Families.Llama.Tensors, Defaults = [] });
        Assert.Equal(RowOrder.InterleavedPairs, gguf.Family.Tensors[WeightRole.Query].Rows);
    }

    [Fact]
    public void What_GGUF_metadata_leaves_out_is_taken_from_llama_cpp_and_the_tensors()
    {
        var metadata = LlamaMetadata();
        foreach (string key in (string[])["attention.head_count_kv", "vocab_size", "rope.freq_base", "rope.dimension_count"]) metadata.Remove("llama." + key);
        Architecture a = Read(metadata, Shape("token_embd.weight", 77, 16));
        Assert.Equal((4, 77, 10000, 4), (a.NKvHeads, a.DVocab, a.Rotary!.Base, a.Rotary!.Dims));
        Assert.True(a.TiedUnembedding);
        Assert.Equal(
            ["llama.attention.head_count_kv = 4 (llama.attention.head_count)", "llama.attention.key_length = 4 (llama.embedding_length / llama.attention.head_count)",
             "llama.vocab_size = 77 (rows of token_embd.weight)", "llama.rope.freq_base = 10000", "llama.rope.dimension_count = 4 (the width of a head)"],
            a.Defaults.Select(d => $"{d.Key} = {d.Value}"));
        Assert.All(a.Defaults, d => Assert.Equal("llama.cpp", d.Source));
    }

    [Fact]
    public void GGUF_scaling_is_linear_where_only_a_factor_is_stated()
    {
        var metadata = LlamaMetadata();
        metadata["llama.rope.scaling.factor"] = 4f;
        Assert.Equal(new RotaryScaling.Linear(4), Read(metadata).Rotary!.Scaling);
    }

    [Fact]
    public void GGUF_keys_about_the_file_and_its_vocabulary_change_nothing()
    {
        var metadata = LlamaMetadata();
        string[] tokens = ["a", "b"];
        foreach ((string key, object value) in new (string, object)[]
        {
            ("general.languages", tokens), ("general.file_type", 3u), ("general.quantization_version", 2u), ("tokenizer.ggml.tokens", tokens),
            ("tokenizer.ggml.add_bos_token", false), ("tokenizer.chat_template", "{{ x }}"), ("quantize.imatrix.entries_count", 224),
            ("llama.rope.scaling.type", "none"), ("llama.rope.scaling.factor", 1f), ("llama.expert_count", 0u), ("split.count", (ushort)0),
            ("llama.attention.key_length", 4u), ("llama.attention.value_length", 4u),
        })
            metadata.Add(key, value);
        Assert.Equal(Read(LlamaMetadata()) with { Defaults = [] }, Read(metadata) with { Defaults = [] });
    }

    [Fact]
    public void A_binary32_epsilon_reads_as_the_decimal_that_was_written() =>
        Assert.Equal(1e-5, Read(LlamaMetadata()).NormEpsilon);

    [Fact]
    public void Biases_of_a_GGUF_file_are_those_it_stores()
    {
        Architecture a = Read(LlamaMetadata(), Shape("blk.0.attn_q.bias", 16), Shape("blk.0.ffn_up.bias", 24));
        Assert.Equal((true, false, true), (a.QkvBias, a.AttnOutBias, a.MlpBias));
    }

    [Fact]
    public void Divisors_stored_in_a_GGUF_file_are_read() =>
        Assert.Equal([1f, 8f], Read(LlamaMetadata(), Values("rope_freqs.weight", [1, 8], 2)).Rotary!.StoredDivisors);

    [Fact]
    public void SmolLM2_135M_has_the_parameters_it_was_published_with()
    {
        var metadata = LlamaMetadata();
        metadata["llama.block_count"] = 30u;
        metadata["llama.embedding_length"] = 576u;
        metadata["llama.feed_forward_length"] = 1536u;
        metadata["llama.attention.head_count"] = 9u;
        metadata["llama.attention.head_count_kv"] = 3u;
        metadata["llama.rope.dimension_count"] = 64u;
        metadata["llama.vocab_size"] = 49152u;
        Assert.Equal(134_515_008, Read(metadata).ExpectedParameters);
    }
}
