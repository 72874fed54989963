using System.Text;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tests.Checkpoints;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Architectures;

/// <summary>Numbers outside what is computed, sizes beyond all models, and what Python writes as JSON.</summary>
public sealed class ConfigDomainTests
{
    static Architecture Read(string config) => ArchitectureReader.Read(Folder(config));

    static Architecture Read(string family, string keys) => Read($$"""{"model_type": "{{family}}", {{keys}}}""");

    [Theory]
    // rotary: frequencies of 128 dimensions to a head are base^(−i/64), i < 64
    [InlineData("llama", "\"rope_theta\": 1e-320", "'rope_theta' is 1e-320; allowed is a number above 0, of at least 1e-300")]
    [InlineData("llama", "\"rope_theta\": 1e-300", "some dimensions of a head would turn by 2.05E+295 radians a position")]
    [InlineData("llama", "\"rope_theta\": 1e-7", "'rope_theta' is 1E-07: some dimensions of a head would turn by 7.77E+06 radians")]
    [InlineData("gpt_neox", "\"rope_theta\": 1e-9", "'rope_theta' is 1E-09")]
    [InlineData("llama", "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1e-9}", "'rope_parameters.rope_theta' is 1E-09")]
    [InlineData("gemma3_text", "\"rope_local_base_freq\": 1e-9", "'rope_local_base_freq' is 1E-09")]
    [InlineData("llama", "\"rope_theta\": Infinity", "'rope_theta' is Infinity; allowed")]
    [InlineData("llama", "\"rope_theta\": NaN", "'rope_theta' is NaN; allowed")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 1e308}", "'rope_scaling.factor' is 1e308; allowed is a number of at least 1, at most 1e100")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": -2.0}", "'rope_scaling.factor' is -2.0")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0, \"beta_slow\": 1e-320}", "'rope_scaling.beta_slow' is 1e-320; allowed is a number from 1e-100")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0, \"beta_fast\": 1e308}", "'rope_scaling.beta_fast' is 1e308")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0, \"mscale\": 1e100, \"mscale_all_dim\": 1.0}", "multiplies cosines and sines by 6.48216E+98, which is no float32")]
    [InlineData("llama", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0, \"attention_factor\": 1e39}", "multiplies cosines and sines by 1E+39")]
    [InlineData("llama", "\"rope_theta\": 1, \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0}", "divides by the logarithm of the base, which is 1")]
    [InlineData("llama", "\"max_position_embeddings\": null, \"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0}", "'dynamic' needs 'max_position_embeddings'")]
    [InlineData("llama", "\"max_position_embeddings\": null, \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0}", "'yarn' needs 'original_max_position_embeddings'")]
    // factors and caps
    [InlineData("granite", "\"attention_multiplier\": 1e39", "'attention_multiplier' is 1e39; allowed is a number above 0, at most 3.40282E+38")]
    [InlineData("granite", "\"attention_multiplier\": null", "'attention_multiplier' is 'null'; expected a number")]
    [InlineData("granite", "\"embedding_multiplier\": -1e39", "'embedding_multiplier' is -1e39; allowed is a number other than 0, within")]
    [InlineData("granite", "\"residual_multiplier\": Infinity", "'residual_multiplier' is Infinity")]
    [InlineData("cohere", "\"logit_scale\": 0", "'logit_scale' is 0")]
    [InlineData("gemma2", "\"final_logit_softcapping\": 1e7", "'final_logit_softcapping' is 1e7; allowed is a number above 0, at most 1E+06, or null")]
    [InlineData("gemma2", "\"attn_logit_softcapping\": Infinity", "'attn_logit_softcapping' is Infinity")]
    [InlineData("gemma2", "\"query_pre_attn_scalar\": 1e-80", "'query_pre_attn_scalar' is 1e-80")]
    [InlineData("llama", "\"rms_norm_eps\": -1e-6", "'rms_norm_eps' is -1e-6")]
    // sizes
    [InlineData("gpt2", "\"n_embd\": 2147483640, \"n_head\": 4", "'n_embd' is 2147483640, and the MLP four times as wide: 8589934560 dimensions")]
    [InlineData("opt", "\"max_position_embeddings\": 2147483647", "'max_position_embeddings' is 2147483647; allowed is a whole number from 1 to 2147483645")]
    [InlineData("llama", "\"num_hidden_layers\": 65537", "'num_hidden_layers' is 65537; allowed is a whole number from 1 to 65536")]
    [InlineData("mixtral", "\"num_local_experts\": 2147483647", "'num_local_experts' is 2147483647; allowed")]
    [InlineData("gpt_neo", "\"attention_types\": [[[\"global\", \"local\"], 1000000000]]", "says what more than 24 blocks see; the model has 24")]
    [InlineData("gpt_neo", "\"attention_types\": [[[], 1000000000]]", "'attention_types' is [[[],1000000000]]; allowed is a list such as")]
    [InlineData("gpt_neo", "\"attention_types\": null", "'attention_types' is null")]
    [InlineData("gemma2", "\"sliding_window\": null", "'sliding_window' is null; allowed is a whole number of at least 1")]
    // text is not what it reads like
    [InlineData("llama", "\"is_encoder_decoder\": \"false\"", "asks for an encoder")]
    [InlineData("bloom", "\"n_inner\": \"null\"", "'n_inner' is 'null', which asks for")]
    [InlineData("mpt", "\"expansion_ratio\": \"4\"", "'expansion_ratio' is '4', which asks for")]
    // asks for something
    [InlineData("llama", "\"is_causal\": false", "'is_causal' is 'false', which asks for attention to later tokens")]
    [InlineData("llama", "\"scale_qk\": true", "'scale_qk' (true) is not one Castalia knows")]
    [InlineData("llama", "\"conversion\": \"2\"", "'conversion' (2)")]
    public void What_is_not_computed_is_refused_by_name(string family, string keys, string cause)
    {
        var json = PythonJson.Object("config.json", Encoding.UTF8.GetBytes($$"""{"model_type": "{{family}}", {{keys}}}"""));
        var checkpoint = new Checkpoint { Path = FolderPath, Format = CheckpointFormat.Safetensors, Files = [], Tensors = new Dictionary<string, Tensor>(), Config = json };
        InputException e = Assert.Throws<InputException>(() => ArchitectureReader.Read(checkpoint));
        Assert.Contains(cause, e.Cause, StringComparison.Ordinal);
        Assert.StartsWith("/models/m/config.json", e.Place, StringComparison.Ordinal);
    }

    /// <summary>By hand: 0.5^(−62/64·1) below 2; the largest frequency of 8 dimensions over the base 1e-6 is 10^(6·6/8).</summary>
    [Fact]
    public void The_largest_frequency_is_that_of_the_last_pair_below_base_1_and_1_from_there()
    {
        Rotary Of(double theta, int dims) => new() { Base = theta, Dims = dims, Pairing = RotaryPairing.HalfSplit };
        foreach (double theta in (double[])[1e-6, 0.5, 0.999, 1, 2, 1e4, 1e300])
            foreach (int dims in (int[])[2, 4, 8, 128])
                Assert.Equal(RotaryFrequencies.Of(Of(theta, dims), 1).Max(), RotaryFrequencies.Largest(Of(theta, dims)), RotaryFrequencies.Largest(Of(theta, dims)) * 1e-14);
        Assert.Equal(Math.Pow(10, 4.5), RotaryFrequencies.Largest(Of(1e-6, 8)), 1e-9);
    }

    [Fact]
    public void A_prompt_over_which_a_head_turns_too_far_is_refused()
    {
        Architecture a = Read("llama", "\"hidden_size\": 32, \"num_attention_heads\": 4, \"rope_theta\": 1e-6, \"max_position_embeddings\": 100");
        TokenizedPrompt Prompt(int tokens) => new(new Prompt { Name = "p", Place = "p.jsonl, line 1" }, [.. Enumerable.Repeat(1, tokens)], 0, 0);
        PromptLimits.Check([Prompt(32)], a); // 31 · 10^4.5 = 980,306
        InputException e = Assert.Throws<InputException>(() => PromptLimits.Check([Prompt(33)], a));
        Assert.Equal("Some dimensions of a head turn by 3.16E+04 radians a position, by 1.01E+06 over 33 tokens; angles up to 1E+06 are computed.", e.Cause);
    }

    [Fact]
    public void Divisors_that_turn_a_head_too_far_are_refused() => Assert.Contains(
        "Divided by 'rope_freqs.weight' some dimensions of a head would turn by 1E+30 radians",
        Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(LlamaMetadata(), Values("rope_freqs.weight", [1e-30f, 1], 2)))).Cause,
        StringComparison.Ordinal);

    /// <summary>1e-320 divides what float64 holds into what it does not: the description says so in JSON that every reader takes.</summary>
    [Fact]
    public void A_divisor_whose_inverse_is_beyond_float64_is_described()
    {
        var bare = Folder("""
            {"model_type": "granite", "logits_scaling": 1e-320, "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 2,
             "num_key_value_heads": 2, "intermediate_size": 8, "vocab_size": 4}
            """);
        Architecture a = ArchitectureReader.Read(bare);
        Assert.Equal(double.PositiveInfinity, a.LogitScale);
        JsonObject description = DescriptionJson.Of(a, WeightMap.Bind(a, bare.With(TensorsOf(a))), "m");
        Assert.Contains("\"logit_scale\":\"Infinity\"", description.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"internal_version\": \"7b-v2.33\"", "'internal_version' (7b-v2.33)")]
    [InlineData("\"version\": \"1\", \"x.version\": \"2\"", "'version' (1), 'x.version' (2)")]
    [InlineData("\"a\": null, \"b\": false, \"c\": \"\", \"d\": [], \"e\": {}", "'a' (null), 'b' (false), 'c' (empty), 'd' ([]), 'e' ({})")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"default\", \"attention_factor\": null}", "'rope_scaling.attention_factor' (null)")]
    [InlineData("\"initializer_range\": Infinity, \"attention_dropout\": NaN", "'initializer_range' (Infinity), 'attention_dropout' (NaN)")]
    public void A_key_that_asks_for_nothing_is_passed_over_with_a_note(string keys, string named)
    {
        var json = PythonJson.Object("config.json", Encoding.UTF8.GetBytes($$"""{"model_type": "llama", {{keys}}}"""));
        Architecture a = ArchitectureReader.Read(new()
        {
            Path = FolderPath,
            Format = CheckpointFormat.Safetensors,
            Files = [],
            Tensors = new Dictionary<string, Tensor>(),
            Config = json,
        });
        Assert.Equal([$"Keys that ask for nothing and are not read: {named}."], a.Caveats);
        Architecture plain = Read("""{"model_type": "llama"}""");
        Assert.Equal(plain with { Defaults = [] }, a with { Defaults = [], PassedOver = [] });
    }

    [Fact]
    public void Of_many_keys_passed_over_the_note_names_some()
    {
        string keys = string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"\"k{i}\": null"));
        Assert.EndsWith("'k7' (null) and 992 more.", Assert.Single(Read("llama", keys).Caveats), StringComparison.Ordinal);
    }

    [Fact]
    public void GGUF_keys_that_ask_for_nothing_are_passed_over_too()
    {
        var metadata = LlamaMetadata();
        metadata["llama.use_x"] = false;
        metadata["llama.list"] = Array.Empty<int>();
        Assert.Equal(["'llama.use_x' (false)", "'llama.list' (an array of 0)"], ArchitectureReader.Read(Gguf(metadata)).PassedOver);
        metadata["llama.attention.causal"] = false;
        Assert.Contains("attention to later positions", Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(metadata))).Cause, StringComparison.Ordinal);
        metadata["llama.attention.causal"] = true;
        metadata["llama.long"] = new int[5000];
        Assert.Contains("'llama.long' (an array of 5000)", Assert.Throws<InputException>(() => ArchitectureReader.Read(Gguf(metadata))).Cause, StringComparison.Ordinal);
    }

    /// <summary>Python 3.11: json.loads and json.dumps of the same text.</summary>
    [Fact]
    public void Json_as_Python_writes_it_is_read_and_written()
    {
        const string text = """{"a": Infinity, "b": [-Infinity, {"c": NaN}], "d": "NaN, \" Infinity", "e": 1e999}""";
        JsonObject json = PythonJson.Object("f", Encoding.UTF8.GetBytes(text));
        Assert.Equal(double.PositiveInfinity, json["a"]!.GetValue<double>());
        Assert.Equal(double.NegativeInfinity, json["b"]![0]!.GetValue<double>());
        Assert.Equal(double.NaN, json["b"]![1]!["c"]!.GetValue<double>());
        Assert.Equal("NaN, \" Infinity", json["d"]!.GetValue<string>());
        Assert.Equal("""{"a":Infinity,"b":[-Infinity,{"c":NaN}],"d":"NaN, \u0022 Infinity","e":1e999}""", PythonJson.Text(json));
        Assert.Equal("""{"a":"Infinity","b":["-Infinity",{"c":"NaN"}],"d":"NaN, \u0022 Infinity","e":1e999}""", PythonJson.Strict(json).ToJsonString());
    }

    [Theory]
    [InlineData("{NaN: 1}")]
    [InlineData("{\"a\": Infinityx}")]
    [InlineData("{\"a\": infinity}")]
    [InlineData("{\"a\": - Infinity}")]
    [InlineData("{\"a\": +Infinity}")]
    [InlineData("{\"a\": NaN NaN}")]
    [InlineData("{\"a\": Infinity")]
    [InlineData("NaN")]
    [InlineData("{\"a\": NaN, \"a\": 1}")]
    public void What_Python_does_not_read_either_is_refused(string text) =>
        Assert.Throws<InputException>(() => PythonJson.Object("f", Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{\"a\": 1, \"a\": 2}", "Leave out the one that is not meant")]
    [InlineData("{\"a\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "not nested so deep")]
    [InlineData("{\"a\": 1", "download it again")]
    public void What_is_wrong_with_JSON_has_its_own_remedy(string text, string remedy) => Assert.Contains(
        remedy, Assert.Throws<InputException>(() => PythonJson.Object("f", Encoding.UTF8.GetBytes(text))).Remedy, StringComparison.Ordinal);
}
