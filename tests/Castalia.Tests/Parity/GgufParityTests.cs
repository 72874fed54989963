using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Tests.Checkpoints;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>
/// golden/gguf/FAMILY-CASE.gguf holds the values of golden/models/FAMILY/CASE in GGUF's layout, so what is computed from the
/// two must be the same to the bit; that the folder's figures are the reference's, <see cref="ResidualStreamParityTests"/> shows.
/// </summary>
public sealed class GgufParityTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "gguf");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.gguf").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_activation_is_that_of_the_folder_to_the_bit(string file)
    {
        var golden = Golden.Load(CaseOf(file));
        var folder = Traced.Run(golden.Checkpoint, golden.Prompts, allPositions: true);
        AssertSame(folder, Traced.Run(Path.Combine(Folder, file), golden.Prompts, allPositions: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Split_into_parts_it_gives_the_same_bits(int count)
    {
        const string file = "llama-gqa.gguf";
        var golden = Golden.Load(CaseOf(file));
        using var parts = new TemporaryFolder();
        var names = Split(Path.Combine(Folder, file), count, parts);
        var whole = Traced.Run(Path.Combine(Folder, file), golden.Prompts, allPositions: false);
        AssertSame(whole, Traced.Run(Path.Combine(parts.Path, names[^1]), golden.Prompts, allPositions: false));
    }

    [Fact]
    public void The_manifest_of_a_split_model_lists_and_hashes_every_part()
    {
        using var parts = new TemporaryFolder();
        var names = Split(Path.Combine(Folder, "llama-gqa.gguf"), 3, parts);
        string prompts = parts.Write("prompts.jsonl", """{"ids": [1, 2, 3]}"""), runs = Path.Combine(parts.Path, "runs");
        var (code, _, error) = CommandLineTests.Castalia(["measure", Path.Combine(parts.Path, names[1]), "--prompts", prompts, "--out", runs]);
        Assert.True(code == 0, error);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(runs)), "manifest.json")))!;
        var model = manifest["models"]![0]!;
        Assert.Equal("m", (string?)model["model"]);
        Assert.Equal(
            names.Select(name => (name, (string?)Hash(Path.Combine(parts.Path, name)))),
            model["files"]!.AsArray().Select(f => (Path.GetFileName((string)f!["path"]!), (string?)f["sha256"])));
    }

    static string Hash(string file) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));

    static string CaseOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return $"{name[..dash]}/{name[(dash + 1)..]}";
    }

    static void AssertSame(IReadOnlyDictionary<string, GoldenArray> expected, IReadOnlyDictionary<string, GoldenArray> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, array) in expected)
        {
            Assert.Equal(array.Shape, actual[name].Shape);
            Assert.True(array.Values.SequenceEqual(actual[name].Values), name);
        }
    }

    /// <summary>Writes the file anew in parts, tensors dealt out in turn, and returns their names.</summary>
    static unsafe List<string> Split(string file, int count, TemporaryFolder folder)
    {
        using var whole = Checkpoint.Open(file);
        var names = Enumerable.Range(1, count).Select(n => $"m-{n:D5}-of-{count:D5}.gguf").ToList();
        for (int part = 0; part < count; part++)
        {
            var data = new List<byte>();
            var tensors = new List<(Tensor Tensor, ulong Offset)>();
            foreach (var tensor in whole.Tensors.Values.Where((_, i) => i % count == part))
            {
                tensors.Add((tensor, (ulong)data.Count));
                data.AddRange(new ReadOnlySpan<byte>(tensor.Data, (int)tensor.ByteLength));
                while (data.Count % 32 != 0) data.Add(0);
            }
            var bytes = new GgufBytes { Data = [.. data] }.Part((ushort)part, (ushort)count, whole.Tensors.Count);
            foreach (var (key, value) in part == 0 ? whole.Metadata!.Values : new Dictionary<string, object>())
                _ = value switch
                {
                    uint n => bytes.Key(key, 4, BitConverter.GetBytes(n)),
                    float f => bytes.Key(key, 6, BitConverter.GetBytes(f)),
                    string s => bytes.Key(key, 8, GgufBytes.Text(System.Text.Encoding.UTF8.GetBytes(s))),
                    _ => throw new InvalidDataException($"{key} is a {value.GetType()}."),
                };
            foreach (var (tensor, offset) in tensors)
                bytes.Tensor(tensor.Name, [.. tensor.Shape.Reverse().Select(axis => (ulong)axis)], tensor.DType.Facts().Ggml!.Value, offset);
            folder.Write(names[part], bytes.File());
        }
        return names;
    }
}
