using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Forward;

/// <summary>Weights that are read ahead and let go are the same weights, and they are let go.</summary>
public sealed class WeightStreamTests : IClassFixture<WeightStreamTests.Network>
{
    const int NLayers = 8, DModel = 512;
    const long BlockBytes = 2L * 12 * DModel * DModel;
    const long Little = BlockBytes / 2; // less than a block

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

    [Fact]
    public void Letting_weights_go_while_they_are_read_leaves_every_bit_as_it_is()
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        Assert.Equal(Bits(checkpoint, mostMapped: long.MaxValue), Bits(checkpoint, Little));
    }

    [Fact]
    public void What_a_run_has_in_memory_of_the_file_is_a_block_or_so_and_not_the_model()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux says in /proc/self/smaps what is in memory of a file");
        using var checkpoint = Checkpoint.Open(_network.Path);
        string file = Path.Combine(_network.Path, "model.safetensors");
        long Most(long mostMapped)
        {
            long most = 0;
            Run(checkpoint, mostMapped, new Watch((_, _) => most = Math.Max(most, InMemory(file))), () => most = Math.Max(most, InMemory(file)));
            return most;
        }
        long few = Most(Little), all = Most(long.MaxValue); // in this order: pages that stay would count for both
        Assert.InRange(all, NLayers * BlockBytes * 9 / 10, long.MaxValue);
        Assert.InRange(few, 1, 3 * BlockBytes);
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
        using var stream = new WeightStream(map, checkpoint, default, Little);
        for (int step = 0; step <= stream.Head; step++)
        {
            stream.Begin(step);
            stream.End(step);
        }
        Assert.True(SpinWait.SpinUntil(() => stream.ReadTo == stream.Head, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public unsafe void Pages_can_be_touched_where_no_advice_is_taken()
    {
        using var checkpoint = Checkpoint.Open(_network.Path);
        var tensor = checkpoint.Tensors["embed_out.weight"];
        PageAdvice.Touch(tensor.Data, tensor.ByteLength);
        if (OperatingSystem.IsLinux())
            Assert.InRange(InMemory(Path.Combine(_network.Path, "model.safetensors")), tensor.ByteLength - 2L * Environment.SystemPageSize, long.MaxValue);
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
        Assert.Equal(stored.ByteLength, checkpoint.RangeOf(stored)!.Value.Length);
    }

    [Fact]
    public unsafe void A_view_with_gaps_reaches_to_the_end_of_its_last_element() =>
        Assert.Equal((1 * 4 + 1 * 1 + 1) * 4, new Tensor("w", DType.F32, [2, 2], "memory", null, 16, [4, 1]).Extent);

    static List<long> Bits(Checkpoint checkpoint, long mostMapped)
    {
        var bits = new List<long>();
        Run(checkpoint, mostMapped, new Watch((chunk, at) =>
        {
            for (int t = 0; t < chunk.Tokens; t++)
                foreach (float value in at.Row(ResidualSite.Post, t)) bits.Add(BitConverter.SingleToInt32Bits(value));
        }), () => { }, bits);
        return bits;
    }

    static void Run(Checkpoint checkpoint, long mostMapped, IBlockObserver observer, Action afterwards, List<long>? logits = null)
    {
        using var pass = new ForwardPass(checkpoint, ArchitectureReader.Read(checkpoint), Prompts, 2, null, default, mostMapped);
        pass.Run(observer);
        object gate = new();
        var rows = new (int Index, float[] Logits)[pass.Batch.Tokens];
        pass.Unembedding.Run(pass.Stream, [.. Enumerable.Range(0, pass.Batch.Tokens)], (i, _, row) => rows[i] = (i, row.ToArray()));
        logits?.AddRange(rows.SelectMany(row => row.Logits).Select(value => (long)BitConverter.SingleToInt32Bits(value)));
        afterwards();
    }

    /// <summary>Bytes of a file that are in this process, over all its mappings.</summary>
    static long InMemory(string file)
    {
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

    sealed class Watch(Action<Chunk, BlockActivations> seen) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations) => seen(chunk, activations);
    }
}
