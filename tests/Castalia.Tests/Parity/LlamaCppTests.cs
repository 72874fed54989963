using System.Text.Json;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>
/// What GGUF files say in ways of their own, against llama.cpp: golden/gguf/llama.cpp.json holds its logits (LLamaSharp 0.30.0 on a CPU; F32 file,
/// F32 cache, flash attention off) for the models of <see cref="SyntheticGguf"/>.
/// </summary>
public sealed class LlamaCppTests
{
    /// <summary>Two float32 programs with sums in different orders: most cases lie at 1e-6, the sharpest scores at 7e-6; what is computed otherwise, above 1e-2.</summary>
    const double Float32 = 1e-5;

    /// <summary>llama.cpp looks GELU up in a table of float16.</summary>
    const double GeluTable = 1e-3;

    /// <summary>… of the tanh approximation; Falcon was trained with the exact function.</summary>
    const double OtherGelu = 5e-3;

    static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "gguf", "llama.cpp.json")))
        .RootElement.GetProperty("cases");

    static readonly Dictionary<string, object> Yarn = new()
    {
        ["rope.scaling.type"] = "yarn",
        ["rope.scaling.factor"] = 4f,
        ["rope.scaling.original_context_length"] = 16u,
    };

    static readonly Dictionary<string, Func<byte[]>> Cases = new()
    {
        ["llama"] = () => SyntheticGguf.File("llama"),
        ["llama, per-block lists"] = () => SyntheticGguf.File("llama", new Dictionary<string, object>
        {
            ["attention.head_count"] = new uint[] { 2, 2, 2 },
            ["attention.head_count_kv"] = new[] { 1, 1, 1 },
            ["feed_forward_length"] = new uint[] { 48, 48, 48 },
        }),
        ["llama, the older key of the factor"] = () => With("llama", ("rope.scale_linear", 4f)),
        ["llama, both keys of the factor"] = () => With("llama", ("rope.scale_linear", 4f), ("rope.scaling.factor", 2f)),
        ["llama, the newer key at 0"] = () => With("llama", ("rope.scale_linear", 4f), ("rope.scaling.factor", 0f)),
        ["llama, YaRN"] = () => SyntheticGguf.File("llama", Yarn),
        ["llama, YaRN without an original context"] = () => With("llama", ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 4f)),
        ["llama, YaRN with a factor on attention"] = () => With("llama", [.. Yarn.Select(pair => (pair.Key, pair.Value)), ("rope.scaling.attn_factor", 1.5f)]),
        ["llama, ffn_down.bias alone"] = () => SyntheticGguf.File("llama", further: InBlocks("ffn_down.bias", 32, 0, 1, 2)),
        ["llama, ffn_down.bias of one block"] = () => SyntheticGguf.File("llama", further: InBlocks("ffn_down.bias", 32, 1)),
        ["llama, attn_q.bias alone"] = () => SyntheticGguf.File("llama", further: InBlocks("attn_q.bias", 32, 0, 1, 2)),
        ["qwen2, no bias"] = () => SyntheticGguf.File("qwen2"),
        ["qwen2, all biases"] = () => SyntheticGguf.File("qwen2", further: QwenBiases),
        ["qwen2, a bias of the logits"] = () => SyntheticGguf.File("qwen2", further: [.. QwenBiases, ("output.bias", 40)]),
        ["falcon"] = () => SyntheticGguf.File("falcon"),
        ["falcon, two norms"] = () => SyntheticGguf.File("falcon", further: Enumerable.Range(0, 3)
            .SelectMany(block => new[] { ($"blk.{block}.attn_norm_2.weight", 32), ($"blk.{block}.attn_norm_2.bias", 32) })),
        ["gemma3, no rotary base"] = () => SyntheticGguf.File("gemma3"),
        ["gemma3, a rotary base"] = () => With("gemma3", ("rope.freq_base", 1e6f)),
        ["gemma3, a base of windowed blocks"] = () => With("gemma3", ("rope.freq_base", 1e6f), ("rope.freq_base_swa", 500f)),
        ["gemma3, a pattern of 3"] = () => With("gemma3", ("rope.freq_base", 1e6f), ("attention.sliding_window_pattern", 3u)),
        ["gemma3, a window of 0"] = () => With("gemma3", ("rope.freq_base", 1e6f), ("attention.sliding_window", 0u)),
        ["gemma3, stretched"] = () => With("gemma3", ("rope.freq_base", 1e6f), ("rope.scaling.type", "linear"), ("rope.scaling.factor", 8f)),
        ["gemma3, a cap on logits"] = () => With("gemma3", ("rope.freq_base", 1e6f), ("final_logit_softcapping", 3f)),
    };

    public static TheoryData<string> Names => [.. Reference.EnumerateObject().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_logits_are_those_of_llama_cpp(string name)
    {
        using var folder = new TemporaryFolder();
        double[] ours = Logits(folder.Write("m.gguf", Cases[name]()));
        double[] theirs = [.. Reference.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
        double distance = Math.Sqrt(ours.Zip(theirs, (x, y) => (x - y) * (x - y)).Sum() / theirs.Sum(y => y * y));
        double most = name.StartsWith("falcon", StringComparison.Ordinal) ? OtherGelu : name.StartsWith("gemma3", StringComparison.Ordinal) ? GeluTable : Float32;
        Assert.True(distance <= most, $"{distance:0.0e0} of the logits' length; at most {most:0.0e0}");
    }

    /// <summary>Version 3 of the format only allowed big-endian files beside what version 2 has; llama.cpp reads both alike.</summary>
    [Fact]
    public void Version_2_holds_what_version_3_holds()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            Logits(folder.Write("v3.gguf", SyntheticGguf.File("llama"))), Logits(folder.Write("v2.gguf", SyntheticGguf.File("llama", version: 2))));
    }

    /// <summary>llama.cpp computes the same logits with and without them.</summary>
    [Fact]
    public void Keys_that_ask_for_nothing_are_passed_over_with_a_word()
    {
        using var folder = new TemporaryFolder();
        string plain = folder.Write("plain.gguf", SyntheticGguf.File("llama"));
        byte[] bytes = SyntheticGguf.File("llama", new Dictionary<string, object>
        {
            ["attention.causal"] = true,
            ["pooling_type"] = 0u,
            ["attention.sliding_window"] = 0u,
            ["logit_scale"] = 0f,
            ["use_parallel_residual"] = false,
            ["expert_count"] = 0u,
            ["rope.scaling.attn_factor"] = 1f,
        });
        string inert = folder.Write("inert.gguf", bytes);
        Assert.Equal(Logits(plain), Logits(inert));
        using var checkpoint = Checkpoint.Open(inert);
        var notes = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint).Notes;
        foreach (string key in new[] { "attention.causal' (true)", "pooling_type' (0)", "attention.sliding_window' (0)", "logit_scale' (0)", "use_parallel_residual' (false)" })
            Assert.Contains(notes, note => note.StartsWith("Keys that ask for nothing", StringComparison.Ordinal) && note.Contains($"'llama.{key}", StringComparison.Ordinal));
    }

    /// <summary>The keys are those that mradermacher's quantiser writes.</summary>
    [Theory]
    [InlineData("mradermacher.quantize_version", "mradermacher.quantized_by", "mradermacher.convert_type")]
    [InlineData("imatrix.chunk_count", "quantize.imatrix.file")]
    [InlineData("another.quantized_by")]
    public void A_tool_s_record_is_passed_over_with_a_word(params string[] keys)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(folder.Write("m.gguf", SyntheticGguf.File("llama", others: keys.ToDictionary(key => key, _ => (object)"x"))));
        var map = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        Assert.Contains(map.Notes, note => note.Contains("of a tool's record of how the file was made", StringComparison.Ordinal) &&
            note.Contains(keys.Order(StringComparer.Ordinal).First(), StringComparison.Ordinal));
    }

    [Fact]
    public void Of_Falcon_s_two_norms_one_without_a_bias_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("m.gguf", SyntheticGguf.File("falcon", further: InBlocks("attn_norm_2.weight", 32, 0, 1, 2)));
        using var checkpoint = Checkpoint.Open(file);
        var error = Assert.Throws<InputException>(() => WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint));
        Assert.Contains("'blk.0.attn_norm_2.bias' is not in the checkpoint", error.Cause, StringComparison.Ordinal);
    }

    static (string Name, int Length)[] QwenBiases =>
        [.. InBlocks("attn_q.bias", 32, 0, 1, 2), .. InBlocks("attn_k.bias", 16, 0, 1, 2), .. InBlocks("attn_v.bias", 16, 0, 1, 2)];

    static IEnumerable<(string Name, int Length)> InBlocks(string name, int length, params int[] blocks) => blocks.Select(block => ($"blk.{block}.{name}", length));

    static byte[] With(string architecture, params (string Key, object Value)[] keys) =>
        SyntheticGguf.File(architecture, keys.ToDictionary(pair => pair.Key, pair => pair.Value));

    static double[] Logits(string file)
    {
        var prompt = new Prompt { Name = "1", Ids = SyntheticGguf.Ids, Place = "here" };
        return Traced.Run(file, [new(prompt, SyntheticGguf.Ids, Added: 0, DroppedBytes: 0)], allPositions: false)["p0.logits"].Values;
    }
}
