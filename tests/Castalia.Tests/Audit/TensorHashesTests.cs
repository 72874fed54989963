using System.Security.Cryptography;
using Castalia.Audit;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Tests.Anatomy;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Audit;

public sealed class TensorHashesTests
{
    static readonly string Models = Path.Combine(Shared.Repository, "tests", "golden", "models");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    static TensorHashes Of(string folder, Checkpoint checkpoint, HashCache? cache = null, IProgress<HashProgress>? progress = null, int threads = 2) =>
        TensorHashes.Of(Path.GetFileName(folder), null, checkpoint, cache, threads, progress, TestContext.Current.CancellationToken);

    /// <summary>The judge copies rows of elements out of the mapping.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void A_tensor_s_hash_is_that_of_its_elements(string @case)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, @case));
        var hashes = Of(@case, checkpoint);
        Assert.Equal(checkpoint.Tensors.Keys.Order(StringComparer.Ordinal), hashes.Tensors.Select(tensor => tensor.Name));
        foreach (var hash in hashes.Tensors)
        {
            Tensor tensor = checkpoint.Tensors[hash.Name];
            var bytes = new List<byte>();
            for (long row = 0; row < tensor.Rows; row++)
            {
                byte[] some = new byte[tensor.Columns * tensor.DType.Block().Bytes];
                tensor.CopyRow(row, 0, some);
                bytes.AddRange(some);
            }
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. bytes])), hash.Sha256);
        }
        Assert.Equal(hashes.WeightsSha256, Of(@case, checkpoint, threads: 1).WeightsSha256);
    }

    [Fact]
    public void The_same_weights_in_shards_and_in_one_file_have_one_hash()
    {
        using var series = new Series();
        var one = series.Hash(series.Write("one", (name, i) => Series.At(name, i, 5000), sharded: false));
        var three = series.Hash(series.Write("three", (name, i) => Series.At(name, i, 5000), sharded: true));
        Assert.Equal(one.WeightsSha256, three.WeightsSha256);
        Assert.Equal(one.Tensors.Select(tensor => tensor.Identity), three.Tensors.Select(tensor => tensor.Identity));
    }

    [Fact]
    public void One_changed_element_changes_its_tensor_s_hash_and_no_other()
    {
        using var series = new Series();
        const string Changed = "gpt_neox.layers.2.mlp.dense_h_to_4h.bias";
        var before = series.Hash(series.Write("before", (name, i) => Series.At(name, i, 5000)));
        var after = series.Hash(series.Write("after", (name, i) => name == Changed && i == 63 ? 1e-30f : Series.At(name, i, 5000)));
        Assert.NotEqual(before.WeightsSha256, after.WeightsSha256);
        Assert.Equal([Changed], before.Tensors.Zip(after.Tensors).Where(pair => pair.First.Identity != pair.Second.Identity).Select(pair => pair.First.Name));
    }

    [Fact]
    public void Masks_and_tables_are_no_weights()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, "gpt_neox", "pythia-as-shipped"));
        var hashes = Of("m", checkpoint);
        Assert.All(hashes.Tensors, tensor => Assert.Equal(
            !tensor.Name.EndsWith("attention.bias", StringComparison.Ordinal) && !tensor.Name.EndsWith("masked_bias", StringComparison.Ordinal) && !tensor.Name.EndsWith("inv_freq", StringComparison.Ordinal),
            tensor.IsWeight));
        Assert.Contains(hashes.Tensors, tensor => !tensor.IsWeight);
    }

    sealed class Counted : IProgress<HashProgress>
    {
        public long Reports;
        public void Report(HashProgress value) => Reports++;
    }

    static void Age(string folder)
    {
        foreach (string file in Directory.GetFiles(folder)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
    }

    /// <summary>The change time of the system cannot be set back: the test waits until it is old enough.</summary>
    static async Task Settle() => await Task.Delay(2500, TestContext.Current.CancellationToken);

    [Fact]
    public async Task What_was_hashed_is_not_read_again()
    {
        using var series = new Series();
        using var kept = new TemporaryFolder();
        var cache = new HashCache(Path.Combine(kept.Path, "hashes"));
        string folder = series.Write("step5", (name, i) => Series.At(name, i, 5000));
        Age(folder);
        await Settle();
        var first = new Counted();
        var before = series.Hash(folder, cache, first);
        Assert.True(first.Reports > 0);
        Assert.Equal(3, Directory.GetFiles(cache.Folder).Length);
        var second = new Counted();
        var after = series.Hash(folder, cache, second);
        Assert.Equal(0, second.Reports);
        Assert.Equal(before.Tensors.Select(tensor => tensor.Identity), after.Tensors.Select(tensor => tensor.Identity));
    }

    /// <summary>Other bytes under the same name, length and date of writing.</summary>
    [Fact]
    public async Task A_file_put_in_the_place_of_another_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a system that tells change times");
        using var kept = new TemporaryFolder();
        var cache = new HashCache(kept.Path);
        using var series = new Series();
        string folder = series.Write("step5", (name, i) => Series.At(name, i, 5000)), other = series.Write("other", (name, i) => Series.At(name, i, 6000));
        Age(folder);
        await Settle();
        TensorHashes before;
        using (var checkpoint = Checkpoint.Open(folder)) before = Of(folder, checkpoint, cache);
        Assert.NotEmpty(Directory.GetFiles(kept.Path));
        foreach (string shard in Directory.GetFiles(folder, "*.safetensors"))
        {
            var written = File.GetLastWriteTimeUtc(shard);
            byte[] bytes = File.ReadAllBytes(Path.Combine(other, Path.GetFileName(shard)));
            Assert.Equal(new FileInfo(shard).Length, bytes.Length);
            using (var file = File.OpenWrite(shard)) file.Write(bytes);
            File.SetLastWriteTimeUtc(shard, written);
        }
        using var again = Checkpoint.Open(folder);
        var after = Of(folder, again, cache);
        Assert.Empty(before.Tensors.Where(t => t.IsMatrix).Select(t => t.Identity).Intersect(after.Tensors.Select(t => t.Identity)));
        Assert.Equal(series.Hash(other).WeightsSha256, after.WeightsSha256);
    }

    [Fact]
    public void A_file_written_a_moment_ago_is_not_kept()
    {
        using var series = new Series();
        using var kept = new TemporaryFolder();
        series.Hash(series.Write("step5", (name, i) => Series.At(name, i, 5000)), new HashCache(kept.Path));
        Assert.Empty(Directory.GetFiles(kept.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"file\": 3}")]
    [InlineData("[]")]
    public async Task A_damaged_entry_is_as_none(string text)
    {
        using var series = new Series();
        using var kept = new TemporaryFolder();
        var cache = new HashCache(kept.Path);
        string folder = series.Write("step5", (name, i) => Series.At(name, i, 5000), sharded: false);
        Age(folder);
        await Settle();
        var before = series.Hash(folder, cache);
        string entry = Assert.Single(Directory.GetFiles(kept.Path));
        File.WriteAllText(entry, text);
        Assert.Equal(before.WeightsSha256, series.Hash(folder, cache).WeightsSha256);
        Assert.NotEqual(text, File.ReadAllText(entry)); // written anew
    }

    [Fact]
    public void A_file_that_changes_meanwhile_has_no_hash()
    {
        using var series = new Series();
        string folder = series.Write("step5", (name, i) => Series.At(name, i, 5000), sharded: false), file = Path.Combine(folder, "model.safetensors");
        var touch = new Touch(file);
        var e = Assert.Throws<InputException>(() => series.Hash(folder, null, touch));
        Assert.Equal("The file changed while it was read, so that its hashes are of no one state of it.", e.Cause);
    }

    sealed class Touch(string file) : IProgress<HashProgress>
    {
        public void Report(HashProgress value) => File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-3));
    }
}
