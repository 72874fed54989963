using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Checkpoints;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>The hash of a model's weights: of its tensors in their roles, and of nothing besides.</summary>
public sealed class WeightsLayoutTests
{
    static readonly string Pythia = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "pythia");

    /// <summary>Computed from the file and the text that docs/store.md describes by twenty lines of Python with hashlib, roles written out by hand.</summary>
    const string PythiaSha256 = "2e1942432974c05d07a78c13bd5414900e2f5a0fdcdfb7bea4666b2ea70e484a";

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void It_is_what_its_description_says(int threads) => Assert.Equal(PythiaSha256, Hash(Pythia, threads));

    [Fact]
    public void Shards_other_orders_and_tensors_that_nobody_reads_change_nothing()
    {
        using var folder = new TemporaryFolder();
        var tensors = Stored();
        Config(folder);
        List<StoredTensor> second = [.. tensors.Skip(7).Reverse(), ("gpt_neox.layers.0.attention.masked_bias", DType.F16, [1L], new byte[2])];
        Write(Path.Combine(folder.Path, "model-00001-of-00002.safetensors"), [.. tensors.Take(7)]);
        Write(Path.Combine(folder.Path, "model-00002-of-00002.safetensors"), second);
        folder.Write("model.safetensors.index.json", new JsonObject
        {
            ["weight_map"] = new JsonObject(tensors.Take(7).Select(t => KeyValuePair.Create(t.Name, (JsonNode?)"model-00001-of-00002.safetensors"))
                .Concat(second.Select(t => KeyValuePair.Create(t.Name, (JsonNode?)"model-00002-of-00002.safetensors")))),
        }.ToJsonString());
        Assert.Equal(PythiaSha256, Hash(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_PyTorch_file_of_the_same_type_has_the_same_hash_even_where_its_matrices_lie_transposed(bool transposed)
    {
        using var folder = new TemporaryFolder();
        Config(folder);
        var tensors = Stored();
        byte[] pickle = TorchBytes.Dictionary(p =>
        {
            foreach (var (t, i) in tensors.Select((t, i) => (t, i)))
                p.Text(t.Name).Tensor(s => s.Storage("HalfStorage", $"{i}", t.Bytes.Length / 2), 0, t.Shape,
                    t.Shape is [var rows, var columns] ? transposed ? [1, rows] : [columns, 1] : [1]);
        });
        folder.Write("pytorch_model.bin", TorchBytes.Zip(pickle, [.. tensors.Select((t, i) => ($"{i}", transposed && t.Shape.Length == 2 ? Transposed(t.Bytes, t.Shape) : t.Bytes))]));
        Assert.Equal(PythiaSha256, Hash(folder.Path));
    }

    [Fact]
    public void One_bit_a_type_or_two_tensors_exchanged_are_other_weights()
    {
        var tensors = Stored();
        var changed = tensors.ToList();
        int embedding = changed.FindIndex(t => t.Name == "gpt_neox.embed_in.weight"), head = changed.FindIndex(t => t.Name == "embed_out.weight");
        changed[embedding] = changed[embedding] with { Bytes = [(byte)(changed[embedding].Bytes[0] ^ 1), .. changed[embedding].Bytes[1..]] };
        var exchanged = tensors.ToList();
        (exchanged[embedding], exchanged[head]) = (tensors[embedding] with { Bytes = tensors[head].Bytes }, tensors[head] with { Bytes = tensors[embedding].Bytes });
        Assert.NotEqual(PythiaSha256, Rewritten(changed));
        Assert.NotEqual(PythiaSha256, Rewritten(exchanged));
        Assert.NotEqual(PythiaSha256, Rewritten([.. tensors.Select(t => t with { Type = DType.BF16 })]));
        Assert.Equal(PythiaSha256, Rewritten(tensors));
    }

    [Fact]
    public void Another_config_over_the_same_weights_is_another_arithmetic_and_what_a_config_says_besides_is_none()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Pythia, "model.safetensors"), Path.Combine(folder.Path, "model.safetensors"));
        string same = Arithmetic(Pythia);
        Config(folder, config => config["rotary_emb_base"] = 20000);
        Assert.Equal(PythiaSha256, Hash(folder.Path));
        Assert.NotEqual(same, Arithmetic(folder.Path));
        Config(folder, config => config["layer_norm_eps"] = 1e-6);
        Assert.NotEqual(same, Arithmetic(folder.Path));
        Config(folder, config => config["transformers_version"] = "9.9.9");
        Assert.Equal(same, Arithmetic(folder.Path));
    }

    [Fact]
    public void Parts_of_a_file_are_hashed_as_it_passes_wherever_they_begin_and_end()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        string path = folder.Write("file", bytes);
        FileSlice[] slices = [new(path, 0, 1), new(path, 1_048_575, 2), new(path, 5, 2_500_000), new(path, 5, 7), new(path, 1_048_576, 1_048_576), new(path, 3_000_000, 1), new(path, 0, 3_000_001)];
        foreach (int threads in new[] { 1, 2 })
        {
            var found = FileHashes.Of([path], slices, threads, null, TestContext.Current.CancellationToken).Slices;
            foreach (var slice in slices)
                Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan((int)slice.Start, (int)slice.Length))), found[slice]);
        }
        var error = Assert.Throws<InputException>(() => FileHashes.Of([path], [new(path, 3_000_000, 2)], 1, null, TestContext.Current.CancellationToken));
        Assert.Contains("became shorter while it was measured", error.Cause);
    }

    static string Rewritten(IReadOnlyList<StoredTensor> tensors)
    {
        using var folder = new TemporaryFolder();
        Config(folder);
        Write(Path.Combine(folder.Path, "model.safetensors"), tensors);
        return Hash(folder.Path);
    }

    static string Hash(string path, int threads = 2)
    {
        using var checkpoint = Checkpoint.Open(path);
        var weights = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        return WeightsLayout.Of(checkpoint, weights).Sha256(threads, null, TestContext.Current.CancellationToken);
    }

    static string Arithmetic(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        var architecture = ArchitectureReader.Read(checkpoint);
        return ArithmeticHash.Of(DescriptionJson.Of(architecture, WeightMap.Bind(architecture, checkpoint), path));
    }

    static void Config(TemporaryFolder folder, Action<JsonObject>? change = null)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Pythia, "config.json")))!.AsObject();
        change?.Invoke(config);
        folder.Write("config.json", config.ToJsonString());
    }

    sealed record StoredTensor(string Name, DType Type, long[] Shape, byte[] Bytes)
    {
        public static implicit operator StoredTensor((string Name, DType Type, long[] Shape, byte[] Bytes) t) => new(t.Name, t.Type, t.Shape, t.Bytes);
    }

    /// <summary>The tensors of the golden Pythia as they lie in its file.</summary>
    static List<StoredTensor> Stored()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Pythia, "model.safetensors"));
        int length = (int)BitConverter.ToInt64(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        return
        [
            .. header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").Select(t =>
            {
                int[] ends = [.. t.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt32())];
                return new StoredTensor(t.Name, DType.F16, [.. t.Value.GetProperty("shape").EnumerateArray().Select(a => a.GetInt64())], file[(8 + length + ends[0])..(8 + length + ends[1])]);
            }),
        ];
    }

    static void Write(string path, IReadOnlyList<StoredTensor> tensors)
    {
        using var writer = SafetensorsWriter.Create(path, [.. tensors.Select(t => new SafetensorsEntry(t.Name, t.Type, t.Shape))], null);
        foreach (var t in tensors) writer.WriteStored(t.Name, 0, t.Bytes);
        writer.Complete();
    }

    static byte[] Transposed(byte[] bytes, long[] shape)
    {
        byte[] turned = new byte[bytes.Length];
        for (long row = 0; row < shape[0]; row++)
            for (long column = 0; column < shape[1]; column++)
                bytes.AsSpan((int)(row * shape[1] + column) * 2, 2).CopyTo(turned.AsSpan((int)(column * shape[0] + row) * 2));
        return turned;
    }
}
