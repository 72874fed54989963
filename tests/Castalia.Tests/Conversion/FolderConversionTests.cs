using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>Hugging Face folders converted: the same model, in another type or other files.</summary>
public sealed class FolderConversionTests
{
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Every_family_converted_to_F32_gives_the_same_bits(string @case)
    {
        var golden = Golden.Load(@case);
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(golden.Checkpoint, to, DType.F32);
        Assert.True(report.Rounding.IsExact);
        Assert.All(Converted.Types(to).Values, type => Assert.Equal(DType.F32, type));
        Assert.Equal(report.Tensors, Converted.Types(to).Count);
        Converted.AssertSameBits(golden.Checkpoint, to, golden.Prompts);
    }

    [Theory]
    [InlineData("gpt_neox/fp16-sharded")]
    [InlineData("gpt2/as-shipped")]
    [InlineData("llama/gqa")]
    public void Kept_as_stored_the_values_names_and_config_are_the_same(string @case)
    {
        var golden = Golden.Load(@case);
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(golden.Checkpoint, to);
        var (before, after) = (Converted.Tensors(golden.Checkpoint), Converted.Tensors(to));
        Assert.Equal(before.Keys.Except(report.LeftOut).Order(), after.Keys.Order());
        Assert.All(after, pair => Assert.Equal(before[pair.Key].Values, pair.Value.Values));
        Assert.All(after, pair => Assert.Equal(before[pair.Key].Shape, pair.Value.Shape));
        var types = Converted.Types(golden.Checkpoint);
        Assert.All(Converted.Types(to), pair => Assert.Equal(types[pair.Key], pair.Value));
        Assert.Equal(File.ReadAllBytes(Path.Combine(golden.Checkpoint, "config.json")), File.ReadAllBytes(Path.Combine(to, "config.json")));
        Assert.Equal([.. golden.Checkpoint.EndsWith("as-shipped", StringComparison.Ordinal)
            ? Enumerable.Range(0, 4).Select(l => $"h.{l}.attn.bias")
            : []], report.LeftOut);
    }

    [Theory]
    [InlineData(DType.F16, "float16")]
    [InlineData(DType.BF16, "bfloat16")]
    internal void Rounded_values_are_the_nearest_and_the_cost_is_counted(DType type, string name)
    {
        string from = Golden.Load("gpt2/as-shipped").Checkpoint; // F32
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(from, to, type);
        var (before, after) = (Converted.Tensors(from), Converted.Tensors(to));
        long values = 0, changed = 0, zeroed = 0, subnormal = 0, nonzero = 0;
        double largest = 0, squares = 0;
        foreach (var (tensor, rounded) in after)
        {
            for (int i = 0; i < rounded.Values.Length; i++)
            {
                double x = before[tensor].Values[i], y = rounded.Values[i];
                Assert.Equal(type == DType.F16 ? (double)(Half)x : NearestBFloat16((float)x), y);
                values++;
                if (x == 0) continue;
                nonzero++;
                squares += (y - x) / x * ((y - x) / x);
                largest = Math.Max(largest, Math.Abs((y - x) / x));
                if (y != x) changed++;
                if (y == 0) zeroed++;
                else if (y != x && Math.Abs(y) < (type == DType.F16 ? 6.103515625e-05 : 1.1754943508222875e-38)) subnormal++;
            }
        }
        Assert.True(changed > 100_000);
        Assert.Equal((values, changed, zeroed, subnormal, largest),
            (report.Rounding.Values, report.Rounding.Changed, report.Rounding.Zeroed, report.Rounding.Subnormal, report.Rounding.LargestRelative));
        Assert.Equal(Math.Sqrt(squares / nonzero), report.Rounding.RmsRelative, 1e-12);
        Assert.Contains(report.Rounding.LargestIn!, after.Keys);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(to, "config.json")))!;
        Assert.Equal(name, (string?)(config["torch_dtype"] ?? config["dtype"]));
    }

    [Theory]
    [InlineData("""{"torch_dtype": "float32"}""", """{"torch_dtype":"bfloat16"}""")]
    [InlineData("""{"dtype": "float32"}""", """{"dtype":"bfloat16"}""")]
    [InlineData("""{"torch_dtype": "float16", "dtype": "float16"}""", """{"torch_dtype":"bfloat16","dtype":"bfloat16"}""")]
    [InlineData("{}", """{"torch_dtype":"bfloat16"}""")]
    public void The_config_names_the_new_type_in_every_spelling_it_had(string types, string expected)
    {
        using var folder = new TemporaryFolder();
        string from = CopyOf("llama/tied-bias-f32", Path.Combine(folder.Path, "in"), config =>
        {
            config.Remove("torch_dtype");
            foreach (var (key, value) in JsonNode.Parse(types)!.AsObject()) config[key] = value!.DeepClone();
        });
        string to = Path.Combine(folder.Path, "out");
        Converted.Write(from, to, DType.BF16);
        var before = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!.AsObject();
        var after = JsonNode.Parse(File.ReadAllText(Path.Combine(to, "config.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(expected)!.AsObject())
        {
            Assert.Equal((string?)value, (string?)after[key]);
            after.Remove(key);
            before.Remove(key);
        }
        Assert.True(JsonNode.DeepEquals(before, after));
    }

    [Fact]
    public void Small_files_are_named_as_on_the_hub_and_the_index_finds_every_tensor()
    {
        var golden = Golden.Load("gpt_neox/pythia");
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(golden.Checkpoint, to, DType.F32, shardSize: 200_000);
        string[] files = [.. Directory.GetFiles(to, "*.safetensors").Select(f => Path.GetFileName(f)!).Order()];
        Assert.Equal(Enumerable.Range(1, files.Length).Select(i => $"model-{i:00000}-of-{files.Length:00000}.safetensors"), files);
        Assert.InRange(files.Length, 3, 60);
        Assert.Equal(files.Length, report.WeightFiles);
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(to, "model.safetensors.index.json")))!;
        Assert.Equal(report.Bytes, (long)index["metadata"]!["total_size"]!);
        Assert.All(files, file =>
        {
            var arrays = GoldenArrays.Load(Path.Combine(to, file));
            Assert.All(arrays.Keys, name => Assert.Equal(file, (string?)index["weight_map"]![name]));
            Assert.True(arrays.Count == 1 || arrays.Values.Sum(a => 4L * a.Values.Length) <= 200_000, $"{file} is too large.");
        });
        Converted.AssertSameBits(golden.Checkpoint, to, golden.Prompts);
    }

    [Fact]
    public void Tokenizer_and_licence_go_along_byte_for_byte_and_the_rest_is_named()
    {
        using var folder = new TemporaryFolder();
        string from = CopyOf("llama/gqa", Path.Combine(folder.Path, "in"));
        byte[] tokenizer = File.ReadAllBytes(Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", "llama3-style", "tokenizer.json"));
        File.WriteAllBytes(Path.Combine(from, "tokenizer.json"), tokenizer);
        File.WriteAllText(Path.Combine(from, "LICENSE.txt"), "terms");
        File.WriteAllText(Path.Combine(from, "modeling.py"), "");
        string to = Path.Combine(folder.Path, "out");
        var report = Converted.Write(from, to);
        Assert.Equal(tokenizer, File.ReadAllBytes(Path.Combine(to, "tokenizer.json")));
        Assert.Equal("terms", File.ReadAllText(Path.Combine(to, "LICENSE.txt")));
        Assert.Equal(["LICENSE.txt", "tokenizer.json"], report.Copied);
        Assert.Equal(["modeling.py"], report.LeftBehind);
        Assert.Null(report.NoTokenizer);
        Assert.Equal(["LICENSE.txt", "config.json", "model.safetensors", "tokenizer.json"],
            Directory.GetFiles(to).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    /// <summary>The checkpoint of a case with its config changed; one file of weights.</summary>
    internal static string CopyOf(string @case, string to, Action<JsonObject>? change = null)
    {
        string from = Golden.Load(@case).Checkpoint;
        Directory.CreateDirectory(to);
        File.Copy(Path.Combine(from, "model.safetensors"), Path.Combine(to, "model.safetensors"));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!.AsObject();
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(to, "config.json"), config.ToJsonString());
        return to;
    }

    /// <summary>By comparing distances, not by the arithmetic under test.</summary>
    static double NearestBFloat16(float x)
    {
        uint low = BitConverter.SingleToUInt32Bits(x) & 0xFFFF0000;
        float a = BitConverter.UInt32BitsToSingle(low), b = BitConverter.UInt32BitsToSingle(low + 0x10000);
        double toA = Math.Abs((double)x - a), toB = Math.Abs((double)x - b);
        return toA < toB || (toA == toB && (low & 0x10000) == 0) ? a : b;
    }
}
