using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Tests.Architectures;
using Castalia.Tests.Checkpoints;
using Castalia.Tests.Parity;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>GGUF files converted: the folder they were made from, and the same bits.</summary>
public sealed class GgufConversionTests
{
    [Theory]
    [InlineData("llama-gqa", "llama/gqa")]
    [InlineData("qwen2-qwen2", "qwen2/qwen2")]
    [InlineData("stablelm-stablelm", "stablelm/stablelm")]
    [InlineData("falcon-7b", "falcon/7b")]
    public void A_GGUF_file_becomes_the_folder_it_was_made_from(string file, string @case)
    {
        string from = Path.Combine(Shared.Repository, "tests", "golden", "gguf", $"{file}.gguf");
        var golden = Golden.Load(@case);
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(from, to, DType.F32);
        Assert.True(report.Rounding.IsExact);
        AssertSameTensors(golden.Checkpoint, to);
        Converted.AssertSameBits(from, to, golden.Prompts);
        Converted.AssertSameBits(golden.Checkpoint, to, golden.Prompts);
        Assert.Equal("the file holds no vocabulary.", report.NoTokenizer);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.BF16)]
    internal void Gemma_s_norms_lose_their_one_again(DType type)
    {
        var golden = Golden.Load("gemma3/text");
        using var folder = new TemporaryFolder();
        string from = folder.Write("gemma.gguf", GemmaFile(golden.Checkpoint)), to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(from, to, type);
        Assert.Equal("gemma3_text", report.Architecture.Family.ModelType);
        Assert.True(report.Rounding.IsExact);
        AssertSameTensors(golden.Checkpoint, to);
        Converted.AssertSameBits(from, to, golden.Prompts);
        Converted.AssertSameBits(golden.Checkpoint, to, golden.Prompts);
    }

    [Fact]
    public void A_norm_that_the_type_cannot_hold_without_its_one_is_refused()
    {
        var golden = Golden.Load("gemma3/text");
        using var folder = new TemporaryFolder();
        string from = folder.Write("gemma.gguf", GemmaFile(golden.Checkpoint, one: 1 + 1f / (1 << 23), first: 0.25));
        string to = Path.Combine(folder.Path, "out");
        var error = Assert.Throws<InputException>(() => Converted.Write(from, to, DType.BF16));
        Assert.Contains("is stored as 1 + weight, and there is no BF16 that added to 1 gives the 1.25", error.Cause);
        Assert.Equal("Use --dtype f32.", error.Remedy);
        Assert.Equal([from], Directory.GetFileSystemEntries(folder.Path));
        Assert.True(Converted.Write(from, to, DType.F32).Rounding.IsExact);
        Converted.AssertSameBits(from, to, golden.Prompts);
    }

    [Fact]
    public void SmolLM2_converted_gives_the_same_bits_and_ids_as_its_GGUF()
    {
        var golden = Golden.LoadReal("smollm2-135m-q4_1", "smollm2-135m", "smollm2-135m-instruct.Q4_1.gguf");
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(golden.Checkpoint, to, DType.F32);
        Assert.True(report.Rounding.IsExact);
        Assert.Null(report.NoTokenizer);
        var texts = golden.Json.GetProperty("prompts").EnumerateArray().Select((prompt, i) => new Prompt
        {
            Name = $"p{i}",
            Text = prompt.GetProperty("text").GetString(),
            Place = $"golden.json, prompt {i}",
        }).ToList();
        var (ours, theirs) = (TokenizerFile.Open(to), TokenizerFile.Open(golden.Checkpoint));
        var ids = Tokenization.Of(texts, ours, BosPolicy.None, "out");
        Assert.Equal(30, ids.Count);
        for (int p = 0; p < ids.Count; p++) Assert.Equal(golden.Prompts[p].Ids, ids[p].Ids);
        Assert.Equal((theirs.IdCount, theirs.BosId), (ours.IdCount, ours.BosId));
        Assert.Equal(theirs.DefaultPrefix, ours.DefaultPrefix);
        Converted.AssertSameBits(golden.Checkpoint, to, [.. ids.Where((_, p) => p % 6 == 0)]);
    }

    [Fact]
    public void Every_GGUF_family_has_a_form_among_the_hub_s_families()
    {
        foreach (Family family in Families.All)
        {
            Assert.Equal(family.Config == ConfigKind.Gguf, family.Hub is not null);
            if (family.Hub is { } hub) Assert.Single(Families.All, f => f.Config == ConfigKind.HuggingFace && f.ModelType == hub.ModelType);
        }
    }

    [Fact]
    public void Stored_divisors_become_the_rule_they_come_from()
    {
        var rule = new RotaryScaling.Llama3(32, 1, 4, 8192);
        var plain = new Rotary { Dims = 64, Pairing = RotaryPairing.HalfSplit, Base = 500000 };
        double[] bare = RotaryFrequencies.Of(plain, 1), stretched = RotaryFrequencies.Of(plain with { Scaling = rule }, 1);
        float[] divisors = [.. bare.Zip(stretched, (b, s) => (float)(b / s))];
        List<string> notes = [];
        Assert.Equal(plain with { Scaling = rule }, Of(divisors, notes).Rotary);
        Assert.StartsWith(
            "The rotary divisors stored in the file are written as the rule they come from, rope_scaling llama3 with factor 32:",
            Assert.Single(notes));

        Assert.Equal(plain, Of([.. divisors.Select(_ => 1f)], notes).Rotary);
        Assert.Single(notes);
        divisors[20] *= 1.001f;
        Assert.Contains("follow no rule", Assert.Throws<InputException>(() => Of(divisors, notes)).Cause);

        Architecture Of(float[] stored, List<string> to) => HubDescription.Of(
            InMemory.OfSizes(2, 1, 64) with { Family = Families.LlamaGguf, Rotary = plain with { StoredDivisors = stored } }, "m.gguf", to);
    }

    static void AssertSameTensors(string folder, string converted)
    {
        var (expected, actual) = (Converted.Tensors(folder), Converted.Tensors(converted));
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, array) in expected)
        {
            Assert.Equal(array.Shape, actual[name].Shape);
            Assert.True(array.Values.AsSpan().SequenceEqual(actual[name].Values), $"{name} differs.");
        }
    }

    /// <summary>A hub checkpoint of Gemma 3 as llama.cpp's converter writes it: other names, norms as 1 + weight, everything F32.</summary>
    /// <param name="hub">The folder.</param>
    /// <param name="one">What is added to norms.</param>
    /// <param name="first">Weight of every norm's first element, in place of its own.</param>
    static byte[] GemmaFile(string hub, float one = 1, double? first = null)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(hub, "config.json")))!;
        (string, string)[] names =
        [
            ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("model.layers.", "blk."), ("input_layernorm", "attn_norm"),
            ("post_attention_layernorm", "post_attention_norm"), ("pre_feedforward_layernorm", "ffn_norm"),
            ("post_feedforward_layernorm", "post_ffw_norm"), ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm"),
            ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
            ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
        ];
        List<byte> data = [];
        List<(string Name, ulong[] Axes, ulong Offset)> tensors = [];
        foreach (var (name, array) in Converted.Tensors(hub))
        {
            bool isNorm = array.Shape.Length == 1;
            var values = array.Values.Select((v, i) => isNorm ? (float)((i == 0 && first is { } f ? f : v) + one) : (float)v);
            tensors.Add((names.Aggregate(name, (n, pair) => n.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal)),
                [.. array.Shape.Reverse().Select(axis => (ulong)axis)], (ulong)data.Count));
            data.AddRange(values.SelectMany(BitConverter.GetBytes));
            while (data.Count % 32 != 0) data.Add(0);
        }
        var file = new GgufBytes { Data = [.. data] };
        file.Key("general.architecture", 8, GgufBytes.Text("gemma3"u8.ToArray()));
        foreach (var (key, from) in new[]
                 {
                     ("embedding_length", "hidden_size"), ("block_count", "num_hidden_layers"), ("attention.head_count", "num_attention_heads"),
                     ("attention.head_count_kv", "num_key_value_heads"), ("attention.key_length", "head_dim"), ("attention.value_length", "head_dim"),
                     ("feed_forward_length", "intermediate_size"), ("context_length", "max_position_embeddings"),
                     ("attention.sliding_window", "sliding_window"),
                 })
            file.Key($"gemma3.{key}", 4, BitConverter.GetBytes((uint)config[from]!));
        file.Key("gemma3.attention.layer_norm_rms_epsilon", 6, BitConverter.GetBytes((float)config["rms_norm_eps"]!));
        file.Key("gemma3.rope.freq_base", 6, BitConverter.GetBytes((float)config["rope_theta"]!));
        foreach (var (name, axes, offset) in tensors) file.Tensor(name, axes, 0, offset);
        return file.File();
    }
}
