using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Forward;

/// <summary>Weights that are read ahead and let go are the same weights, and they are let go.</summary>
public sealed class WeightStreamTests : IClassFixture<WeightStreamTests.Network>
{
    const int NLayers = 8, DModel = 512;
    const long BlockBytes = 2L * 12 * DModel * DModel;

    static readonly TokenizedPrompt[] Prompts =
    [
        .. new int[][] { [5, 6, 7, 1000], [9] }.Select((ids, i) =>
            new TokenizedPrompt(new() { Name = $"{i + 1}", Ids = ids, Place = "p.jsonl" }, ids, Added: 0, DroppedBytes: 0)),
    ];

    readonly Network _network;

    public WeightStreamTests(Network network) => _network = network;

    /// <summary>52 MB of weights, written once.</summary>
    public sealed class Network : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Network() => UntrainedNetworks.Build(UntrainedNetwork.PythiaLike(NLayers, DModel, nHeads: 8), seed: 1, _folder.Path, default);

        public string Path => _folder.Path;

        public void Dispose() => _folder.Dispose();
    }

    [Theory]
    [InlineData(WeightRole.Query)]
    [InlineData(WeightRole.Value)]
    [InlineData(WeightRole.MlpDown)]
    internal unsafe void Rows_copied_from_the_file_are_those_of_the_mapping(WeightRole role)
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        var architecture = ArchitectureReader.Read(checkpoint);
        var map = WeightMap.Bind(architecture, checkpoint);
        var copied = new WeightReader(map, architecture, checkpoint).Linear(role, 3).Weight;
        var mapped = new WeightReader(map, architecture).Linear(role, 3).Weight;
        var other = new WeightReader(map, architecture, checkpoint).Linear(WeightRole.AttnOut, 2).Weight;
        float[] a = new float[96 * 256], b = new float[96 * 256], c = new float[96 * 256];
        fixed (float* pa = a, pb = b, pc = c)
        {
            // Pieces across the borders of heads; columns from the middle before those from the beginning; another matrix in between.
            foreach (var (first, rows, start) in new[] { (0, 96, 256), (0, 96, 0), (0, 96, 256), (96, 96, 0), (0, 96, 256), (96, 96, 256), (500, 12, 0) })
            {
                mapped.Tile(first, rows, start, 256, pa, 256);
                copied.Tile(first, rows, start, 256, pb, 256);
                Assert.Equal(a, b);
                if (first == 96) other.Tile(96, 96, 0, 1, pc, 256);
            }
        }
    }

    [Fact]
    public void A_run_has_next_to_nothing_of_the_file_in_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnlyLinux);
        using var checkpoint = Checkpoint.Open(_network.Path);
        long most = 0;
        using var pass = new ForwardPass(checkpoint, ArchitectureReader.Read(checkpoint), Prompts, 2, null, default);
        pass.Run(new Watch(() => most = Math.Max(most, InMemory())));
        pass.Unembedding.Run(pass.Stream, [0, 1], (_, _, _) => { });
        Assert.InRange(Math.Max(most, InMemory()), 1, BlockBytes);
    }

    [Fact]
    public unsafe void Pages_of_a_block_that_is_done_leave_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnlyLinux);
        using var checkpoint = Checkpoint.Open(_network.Path);
        var map = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        using var stream = new WeightStream(map, checkpoint, default, mostMapped: 0);
        foreach (var tensor in map.Tensors) PageAdvice.Touch(tensor.Data, tensor.ByteLength);
        long whole = InMemory();
        Assert.InRange(whole, map.Bytes, long.MaxValue);
        stream.Begin(0);
        stream.End(0);
        Assert.True(SpinWait.SpinUntil(() => InMemory() < whole - BlockBytes * 9 / 10, TimeSpan.FromSeconds(30)));
        Assert.InRange(InMemory(), map.Bytes - 2 * BlockBytes, whole);
    }

    [Fact]
    public void Nothing_is_read_further_ahead_than_the_next_block()
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        using var stream = new WeightStream(WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint, default);
        void Reaches(int step)
        {
            Assert.True(SpinWait.SpinUntil(() => stream.ReadTo == step, TimeSpan.FromSeconds(30)), $"It read to {stream.ReadTo}, not {step}.");
            Thread.Sleep(50);
            Assert.Equal(step, stream.ReadTo);
        }
        Reaches(0);
        stream.Begin(0);
        Reaches(1);
        stream.End(0);
        Reaches(1);
        stream.Begin(3); // it was slow
        Reaches(4);
        stream.Begin(NLayers - 1);
        Reaches(stream.Head);
    }

    [Fact]
    public void A_cancelled_run_ends_the_reading()
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        using var cancellation = new CancellationTokenSource();
        using var stream = new WeightStream(WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint, cancellation.Token);
        Assert.True(stream.IsRunning);
        cancellation.Cancel();
        Assert.True(SpinWait.SpinUntil(() => !stream.IsRunning, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_file_cut_short_does_not_hold_the_reading_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems do not let a mapped file be cut");
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(_network.Path, name), Path.Combine(folder.Path, name));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var map = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        using (var file = new FileStream(Path.Combine(folder.Path, "model.safetensors"), FileMode.Open)) file.SetLength(100_000);
        using var stream = new WeightStream(map, checkpoint, default, mostMapped: 0);
        for (int step = 0; step <= stream.Head; step++)
        {
            stream.Begin(step);
            stream.End(step);
        }
        Assert.True(SpinWait.SpinUntil(() => stream.ReadTo == stream.Head, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Reading_beyond_the_end_of_a_file_cut_short_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems do not let a mapped file be cut");
        using var folder = new TemporaryFolder();
        string path = folder.Write("x", new byte[100]);
        using var mapped = MappedFile.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(60);
        byte[] bytes = new byte[50];
        mapped.Copy(10, bytes);
        var error = Assert.Throws<InputException>(() => mapped.Copy(50, bytes));
        Assert.Equal("What was mapped needs 100 bytes; the file has 60.", error.Cause);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Copy(51, bytes));
    }

    [Fact]
    public void A_tensor_that_lies_in_no_file_is_left_alone()
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        float[] values = [1, 2];
        unsafe
        {
            fixed (float* data = values)
            {
                Assert.Null(checkpoint.RangeOf(new Tensor("w", DType.F32, [2], "memory", (byte*)data, 8)));
            }
        }
        var stored = checkpoint.Tensors["embed_out.weight"];
        Assert.Equal(stored.ByteLength, checkpoint.RangeOf(stored)!.Length);
    }

    [Fact]
    public unsafe void A_view_with_gaps_reaches_to_the_end_of_its_last_element() =>
        Assert.Equal((1 * 4 + 1 * 1 + 1) * 4, new Tensor("w", DType.F32, [2, 2], "memory", null, 16, [4, 1]).Extent);

    const string OnlyLinux = "only Linux says in /proc/self/smaps what is in memory of a file";

    /// <summary>Bytes of the weights' file that are in this process, over all its mappings.</summary>
    long InMemory()
    {
        string file = Path.Combine(_network.Path, "model.safetensors");
        long total = 0;
        bool counts = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':')) counts = line.EndsWith(file, StringComparison.Ordinal);
            else if (counts && words[0] == "Rss:") total += 1024 * long.Parse(words[1], CultureInfo.InvariantCulture);
        }
        return total;
    }

    sealed class Watch(Action seen) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations) => seen();
    }
}
