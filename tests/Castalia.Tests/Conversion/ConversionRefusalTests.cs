using System.Text;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Tests.Checkpoints;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>What is not converted, and that nothing of it stays behind.</summary>
public sealed class ConversionRefusalTests
{
    static readonly string Llama = Golden.Load("llama/tied-bias-f32").Checkpoint;

    [Fact]
    public void A_folder_with_something_in_it_is_not_touched()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("kept.txt", "mine");
        var error = Assert.Throws<InputException>(() => Converted.Write(Llama, folder.Path));
        Assert.Equal(
            $"'{folder.Path}' is not empty.\n  where: {folder.Path}\n" +
            "  to do: Name a folder that does not exist yet, or an empty one: nothing is overwritten.", error.Message);
        error = Assert.Throws<InputException>(() => Converted.Write(Llama, file));
        Assert.Equal($"'{file}' is a file.", error.Cause);
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_empty_folder_is_filled_and_one_with_missing_parents_is_made()
    {
        using var folder = new TemporaryFolder();
        string empty = Path.Combine(folder.Path, "empty"), deep = Path.Combine(folder.Path, "a", "b");
        Directory.CreateDirectory(empty);
        Converted.Write(Llama, empty + Path.DirectorySeparatorChar);
        Converted.Write(Llama, deep);
        Assert.Equal(2, Directory.GetFiles(empty).Length);
        Assert.Equal(2, Directory.GetFiles(deep).Length);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void A_disk_without_room_is_found_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        string to = Path.Combine(folder.Path, "out");
        var error = Assert.Throws<InputException>(() => OutputFolder.Begin(to, long.MaxValue));
        Assert.StartsWith("The folder will take 9223372036854.8 MB; ", error.Cause);
        Assert.EndsWith(" MB are free there.", error.Cause);
        Assert.Equal("Make room, name a folder on another disk, or ask for a narrower type by --dtype.", error.Remedy);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(DType.F16, 65519.996, null)]
    [InlineData(DType.F16, 65520, "Element 3 of 'model.norm.weight' is 65520; the largest F16 is 65504, so it would become infinite.")]
    [InlineData(DType.F16, -1e30,
        "Element 3 of 'model.norm.weight' is -1.0000000150474662E+30; the largest F16 is 65504, so it would become infinite.")]
    [InlineData(DType.BF16, -1e30, null)]
    [InlineData(DType.BF16, 3.4028235e38,
        "Element 3 of 'model.norm.weight' is 3.4028234663852886E+38; the largest BF16 is 3.3895313892515355E+38, so it would become infinite.")]
    [InlineData(DType.F32, 3.4028235e38, null)]
    [InlineData(DType.F16, double.PositiveInfinity, null)]
    [InlineData(DType.F32, double.NaN, "Element 3 of 'model.norm.weight' is not a number.")]
    [InlineData(DType.BF16, double.NaN, "Element 3 of 'model.norm.weight' is not a number.")]
    internal void A_value_that_the_type_cannot_hold_ends_it_and_nothing_stays(DType type, double value, string? cause)
    {
        using var folder = new TemporaryFolder();
        string from = Path.Combine(folder.Path, "in"), to = Path.Combine(folder.Path, "made", "out");
        Directory.CreateDirectory(from);
        WithNorm(from, (float)value);
        if (cause is null)
        {
            Converted.Write(from, to, type);
            double expected = type == DType.F16 ? (double)(Half)value : type == DType.F32 ? (float)value : Rounding.Round((float)value, type);
            Assert.Equal(expected, Converted.Tensors(to)["model.norm.weight"].Values[3]);
            return;
        }
        Assert.Equal(cause, Assert.Throws<InputException>(() => Converted.Write(from, to, type)).Cause);
        Assert.Equal([from], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_type_that_is_not_written_must_be_replaced_by_a_choice()
    {
        using var folder = new TemporaryFolder();
        string from = Path.Combine(folder.Path, "in"), to = Path.Combine(folder.Path, "out");
        Directory.CreateDirectory(from);
        double norm = 1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40);
        WithNorm(from, 0, wide: norm);
        var error = Assert.Throws<InputException>(() => Converted.Write(from, to));
        Assert.Equal("Tensor 'model.norm.weight' is stored as F64, which is not written; what it becomes has to be chosen.", error.Cause);
        Assert.Equal("Add --dtype f32 (rounds), --dtype bf16 or --dtype f16 (round further).", error.Remedy);
        // Rounded once from F64, which by way of F32 would go down.
        Converted.Write(from, to, DType.BF16);
        Assert.Equal(1 + Math.ScaleB(1, -7), Converted.Tensors(to)["model.norm.weight"].Values[3]);
        Directory.Delete(to, recursive: true);
        var report = Converted.Write(from, to, DType.F32);
        Assert.Equal((1L, "model.norm.weight"), (report.Rounding.Changed, report.Rounding.LargestIn));
        Assert.Equal(Math.ScaleB(1, -40) / norm, report.Rounding.LargestRelative, 1e-20);
    }

    [Fact]
    public void A_quantised_file_must_be_given_a_type()
    {
        using var folder = new TemporaryFolder();
        string from = Shared.Path("real", "checkpoints", "smollm2-135m", "smollm2-135m-instruct.Q4_1.gguf");
        var error = Assert.Throws<InputException>(() => Converted.Write(from, Path.Combine(folder.Path, "out")));
        Assert.Equal("Tensor 'token_embd.weight' is stored as Q8_0, which is not written; what it becomes has to be chosen.", error.Cause);
        Assert.Equal("Add --dtype f32 (exact), --dtype bf16 or --dtype f16 (round, and say what it cost).", error.Remedy);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interrupted_nothing_stays(bool whileChecking)
    {
        using var folder = new TemporaryFolder();
        using var interrupt = new CancellationTokenSource();
        using var checkpoint = Checkpoint.Open(Llama);
        int reports = 0;
        var progress = new Reports(p =>
        {
            Assert.EndsWith("made", Assert.Single(Directory.GetFileSystemEntries(folder.Path)));
            reports++;
            if (p.Checking == whileChecking && p.Tensors == 2) interrupt.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
            Converter.Write(checkpoint, Path.Combine(folder.Path, "made", "out"), new(), progress, interrupt.Token));
        Assert.Equal(whileChecking ? checkpoint.Tensors.Count + 2 : 2, reports);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_that_reads_back_otherwise_is_found()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(Llama);
        var plan = ConversionPlan.Of(checkpoint, DType.F16);
        var writer = new WeightsWriter(plan, null, TestContext.Current.CancellationToken);
        writer.Write(folder.Path, Shards.Of(plan.Tensors, long.MaxValue));
        File.Copy(Path.Combine(Llama, "config.json"), Path.Combine(folder.Path, "config.json"));
        using (var written = Checkpoint.Open(folder.Path)) writer.Check(written);
        string file = Path.Combine(folder.Path, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var spoilt = Checkpoint.Open(folder.Path);
        Assert.Contains("was read back with other values than were written", Assert.Throws<InputException>(() => writer.Check(spoilt)).Cause);
    }

    /// <summary>The small Llama with one element of its last norm changed, or with that norm as F64.</summary>
    static void WithNorm(string folder, float value, double? wide = null)
    {
        File.Copy(Path.Combine(Llama, "config.json"), Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(Llama);
        var entries = checkpoint.Tensors.Values
            .Select(t => new SafetensorsEntry(t.Name, t.Name == "model.norm.weight" && wide is not null ? DType.F64 : t.DType, t.Shape)).ToList();
        string file = Path.Combine(folder, "model.safetensors");
        using (var writer = SafetensorsWriter.Create(file, entries, null))
        {
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                float[] values = [.. StoredValues.Whole(tensor).Select(v => (float)v)];
                if (tensor.Name == "model.norm.weight") values[3] = value;
                writer.Write(tensor.Name, 0, values);
            }
            writer.Complete();
        }
        if (wide is not { } exact) return;
        // The writer takes float32; the one wider number is put in its place by hand.
        byte[] bytes = File.ReadAllBytes(file);
        string header = Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes));
        int start = System.Text.Json.JsonDocument.Parse(header).RootElement
            .GetProperty("model.norm.weight").GetProperty("data_offsets")[0].GetInt32();
        BitConverter.GetBytes(exact).CopyTo(bytes, 8 + header.Length + start + 3 * sizeof(double));
        File.WriteAllBytes(file, bytes);
    }

    sealed class Reports(Action<ConvertProgress> report) : IProgress<ConvertProgress>
    {
        public void Report(ConvertProgress value) => report(value);
    }
}
