using Castalia.Checkpoints;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed class CheckpointTests
{
    [Fact]
    public void A_safetensors_file_gives_its_tensors_and_their_values()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"model_type": "x"}""");
        byte[] data = [.. Floats(1, 2, 3, 4, 5, -6), .. BitConverter.GetBytes((Half)0.5), .. BitConverter.GetBytes((Half)2), .. new byte[4]];
        folder.Write("model.safetensors", SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes(SafetensorsBytes.Header), data));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(CheckpointFormat.Safetensors, checkpoint.Format);
        Assert.Equal("x", (string?)checkpoint.Config!["model_type"]);
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys);
        Assert.Equal([2L, 3L], checkpoint.Tensors["a"].Shape);
        Assert.Equal([4f, 5f, -6f], Row(checkpoint.Tensors["a"], 1));
        Assert.Equal([0.5f, 2f, 0f, 0f], Row(checkpoint.Tensors["b"], 0));
        Assert.Equal(["config.json", "model.safetensors"], checkpoint.Files.Select(f => Path.GetFileName(f.Path)));
    }

    /// <summary>In the hub's cache a snapshot's files are links.</summary>
    [Fact]
    public void A_link_has_the_length_of_what_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        folder.Write("blob", """{"model_type": "x", "comment": "longer than the path of a link would be, by a good deal, to be sure of it"}""");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "config.json"), "blob");
        folder.Write("model.safetensors", SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes("{}"), []));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(new FileInfo(Path.Combine(folder.Path, "blob")).Length, checkpoint.Files[0].Bytes);
    }

    /// <summary>Old writers did not align the data; the header here is 1 byte longer than a multiple of 8.</summary>
    [Fact]
    public void Elements_that_lie_unaligned_are_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        string header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},"c":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""";
        folder.Write("model.safetensors", SafetensorsBytes.File(System.Text.Encoding.UTF8.GetBytes(header + new string(' ', 9 - header.Length % 8)), [7, .. Floats(1.5f, -2)]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal([1.5f, -2f], Row(checkpoint.Tensors["a"], 0));
    }

    [Fact]
    public void Scalars_and_empty_tensors_have_their_shapes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Write("model.safetensors", SafetensorsBytes.File(
            """{"__metadata__":{"format":"pt"},"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"n":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]}}""", 4));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal((1, 0), (checkpoint.Tensors["s"].Count, checkpoint.Tensors["n"].Count));
        Assert.Empty(checkpoint.Tensors["s"].Shape);
    }

    [Fact]
    public void Shards_are_joined_by_their_index()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", "{}");
        folder.Write("s1.safetensors", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4));
        folder.Write("s2.safetensors", SafetensorsBytes.File("""{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4));
        folder.Write("model.safetensors.index.json", """{"metadata": {"total_size": 8}, "weight_map": {"b": "s2.safetensors", "a": "s1.safetensors"}}""");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys.Order());
        Assert.EndsWith("s2.safetensors", checkpoint.Tensors["b"].File);
        Assert.Equal(4, checkpoint.Files.Count);
    }

    [Fact]
    public void A_GGUF_file_gives_every_type_of_metadata_and_its_tensors_outermost_axis_first()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.gguf", new GgufBytes { Data = [.. Floats(1, 2, 3, 4, 5, 6), .. new byte[8]] }
            .Key("u8", 0, [200]).Key("i8", 1, [200]).Key("u16", 2, BitConverter.GetBytes((ushort)60000)).Key("i16", 3, BitConverter.GetBytes((short)-5))
            .Key("u32", 4, BitConverter.GetBytes(4000000000)).Key("i32", 5, BitConverter.GetBytes(-6)).Key("f32", 6, BitConverter.GetBytes(1.5f))
            .Key("yes", 7, [1]).Key("text", 8, GgufBytes.Text("Ġé"u8.ToArray())).Key("u64", 10, BitConverter.GetBytes(ulong.MaxValue))
            .Key("i64", 11, BitConverter.GetBytes(-7L)).Key("f64", 12, BitConverter.GetBytes(2.5))
            .Key("list", 9, GgufBytes.List(5, 2, [.. BitConverter.GetBytes(1), .. BitConverter.GetBytes(-1)]))
            .Key("texts", 9, GgufBytes.List(8, 2, [.. GgufBytes.Text("a"u8.ToArray()), .. GgufBytes.Text([])]))
            .Tensor("a", [3, 2], 0, 0).File());
        using var checkpoint = Checkpoint.Open(folder.Path);
        var values = checkpoint.Metadata!.Values;
        object[] expected = [(byte)200, (sbyte)-56, (ushort)60000, (short)-5, 4000000000u, -6, 1.5f, true, "Ġé", ulong.MaxValue, -7L, 2.5, new[] { 1, -1 }, new[] { "a", "" }];
        Assert.Equal(expected, values.Values);
        Assert.Equal([2L, 3L], checkpoint.Tensors["a"].Shape);
        Assert.Equal([4f, 5f, 6f], Row(checkpoint.Tensors["a"], 1));
        Assert.Equal(200, checkpoint.Metadata.FindInteger("u8"));
        Assert.Null(checkpoint.Metadata.FindInteger("absent"));
    }

    [Fact]
    public void A_trained_GGUF_file_opens_with_all_its_tensors()
    {
        using var checkpoint = Checkpoint.Open(Shared.Path("real", "checkpoints", "smollm2-135m"));
        Assert.Equal(272, checkpoint.Tensors.Count);
        Assert.Equal([49152L, 576L], checkpoint.Tensors["token_embd.weight"].Shape);
        Assert.Equal(DType.Q8_0, checkpoint.Tensors["token_embd.weight"].DType);
        Assert.Equal(48900, checkpoint.Metadata!.FindStrings("tokenizer.ggml.merges")!.Length);
        Assert.Equal(30, checkpoint.Metadata.FindInteger("llama.block_count"));
    }

    [Fact]
    public void The_hash_of_a_file_is_its_SHA256()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("x", "abc");
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.OfFile(path, TestContext.Current.CancellationToken));
    }

    static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    static float[] Row(Tensor tensor, long row)
    {
        float[] values = new float[tensor.Columns];
        Widen.Row(tensor, row, 0, values);
        return values;
    }
}
