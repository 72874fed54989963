using Castalia.Checkpoints;
using Castalia.Runs;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>GGUF models in several files; what is wrong with them stands in <see cref="MalformedCheckpoints"/>.</summary>
public sealed class GgufModelTests
{
    static readonly string[] Names = ["m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf"];

    [Theory]
    [InlineData("m-00001-of-00003.gguf")]
    [InlineData("m-00002-of-00003.gguf")]
    [InlineData("m-00003-of-00003.gguf")]
    [InlineData("")]
    public void Any_part_and_the_folder_open_the_whole_model(string opened)
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder);
        using var checkpoint = Checkpoint.Open(Path.Combine(folder.Path, opened));
        Assert.Equal(CheckpointFormat.Gguf, checkpoint.Format);
        Assert.Equal(Path.Combine(folder.Path, opened), checkpoint.Path);
        Assert.Equal(Names, checkpoint.Files.Select(f => Path.GetFileName(f.Path)));
        Assert.All(checkpoint.Files, file => Assert.Equal(new FileInfo(file.Path).Length, file.Bytes));
        Assert.Equal("x", checkpoint.Metadata!.FindString("general.architecture"));
        Assert.Equal(3, checkpoint.Metadata.FindInteger("split.count"));
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal([1f, 2f], Row(checkpoint.Tensors["a"]));
        Assert.Equal([3f, 4f], Row(checkpoint.Tensors["b"]));
        Assert.Equal([5f, 6f], Row(checkpoint.Tensors["c"]));
        Assert.EndsWith(Names[1], checkpoint.Tensors["b"].File);
    }

    [Fact]
    public void The_first_part_may_hold_metadata_alone_and_each_part_has_its_own_alignment()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m-00001-of-00002.gguf", new GgufBytes { Data = [] }.Part(0, 2, 2).File());
        folder.Write("m-00002-of-00002.gguf", new GgufBytes { Alignment = 64, Data = [.. Floats(1, 2), .. new byte[56], .. Floats(3, 4)] }
            .Part(1, 2, 2).Key("general.alignment", 4, BitConverter.GetBytes(64u)).Tensor("a", [2], 0, 0).Tensor("b", [2], 0, 64).File());
        using var checkpoint = Checkpoint.Open(Path.Combine(folder.Path, "m-00002-of-00002.gguf"));
        Assert.Equal([3f, 4f], Row(checkpoint.Tensors["b"]));
        Assert.Equal(32, checkpoint.Metadata!.FindInteger("general.alignment") ?? 32);
    }

    [Fact]
    public void Metadata_a_later_part_repeats_may_be_there()
    {
        using var folder = new TemporaryFolder();
        byte[] list = GgufBytes.List(5, 2, new byte[8]);
        folder.Write("m-00001-of-00002.gguf", new GgufBytes().Part(0, 2, 1).Key("k", 9, list).File());
        folder.Write("m-00002-of-00002.gguf", new GgufBytes().Part(1, 2, 1).Key("k", 9, list).Tensor("a", [2], 0, 0).File());
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["a"], checkpoint.Tensors.Keys);
    }

    [Theory]
    [InlineData("m-00001-of-00001.gguf", null, null)]
    [InlineData("m-00001-of-00001.gguf", 0, 1)]
    [InlineData("m.gguf", 0, 1)]
    [InlineData("m.gguf", 0, 0)]
    public void One_part_of_one_is_a_whole_model(string name, int? number, int? count)
    {
        using var folder = new TemporaryFolder();
        var file = GgufBytes.Correct();
        if (count is not null) file.Part((ushort)number!.Value, (ushort)count.Value, 1);
        using var checkpoint = Checkpoint.Open(folder.Write(name, file.File()));
        Assert.Single(checkpoint.Tensors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_whose_only_weights_are_one_GGUF_model_opens_beside_a_config(bool split)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"model_type": "y"}""");
        if (split) WriteParts(folder);
        else folder.Write("m.gguf", GgufBytes.Correct().File());
        using (var gguf = Checkpoint.Open(folder.Path))
        {
            Assert.Equal(CheckpointFormat.Gguf, gguf.Format);
            Assert.Null(gguf.Config);
            Assert.DoesNotContain(gguf.Files, file => file.Path.EndsWith("config.json", StringComparison.Ordinal));
        }
        folder.Write("model.safetensors", SafetensorsBytes.File());
        using var hub = Checkpoint.Open(folder.Path);
        Assert.Equal(CheckpointFormat.Safetensors, hub.Format);
    }

    [Fact]
    public void A_split_model_is_called_by_its_name_without_the_part()
    {
        Assert.Equal(["m", "n"], ModelNames.Of(["/a/m-00002-of-00003.gguf", "/b/n.gguf"]));
        Assert.Equal(["m-1-of-3"], ModelNames.Of(["/a/m-1-of-3.gguf"]));
    }

    [Theory]
    [InlineData("/x/m-00002-of-00003.gguf", true)]
    [InlineData("m-00002-of-00003.GGUF", true)]
    [InlineData("/x/-00002-of-00003.gguf", false)]
    [InlineData("/x/m-0002-of-00003.gguf", false)]
    [InlineData("/x/m-00002-of-00003.gguf.part", false)]
    [InlineData("/x/m-00002-of-00003", false)]
    public void Only_the_form_of_the_splitters_is_a_part_s_name(string path, bool isPart)
    {
        var name = GgufPartName.Of(path);
        Assert.Equal(isPart, name is not null);
        if (name is not null) Assert.Equal((2, 3, path), (name.Number, name.Count, name.Paths[1]));
    }

    static void WriteParts(TemporaryFolder folder)
    {
        byte[] architecture = GgufBytes.Text("x"u8.ToArray());
        folder.Write(Names[0], new GgufBytes { Data = Floats(1, 2) }.Key("general.architecture", 8, architecture).Part(0, 3, 3).Tensor("a", [2], 0, 0).File());
        folder.Write(Names[1], new GgufBytes { Data = Floats(3, 4) }.Part(1, 3, 3).Tensor("b", [2], 0, 0).File());
        folder.Write(Names[2], new GgufBytes { Data = Floats(5, 6) }.Part(2, 3, 3).Tensor("c", [2], 0, 0).File());
    }

    static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    static float[] Row(Tensor tensor)
    {
        float[] values = new float[tensor.Columns];
        Widen.Row(tensor, 0, 0, values);
        return values;
    }
}
