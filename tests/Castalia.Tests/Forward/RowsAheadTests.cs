using System.Runtime.InteropServices;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Tests.Architectures;
using Castalia.Untrained;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Forward;

/// <summary>What is prefetched is what is read next.</summary>
public sealed unsafe class RowsAheadTests
{
    const int Line = 64, Rows = 300, Columns = 1024;

    /// <summary>A run of the rows of a piece, in parts: no value of it is a line or more after the nearest place.</summary>
    [Theory]
    [InlineData(DType.BF16, false)]
    [InlineData(DType.F32, false)]
    [InlineData(DType.Q8_0, false)]
    [InlineData(DType.F16, true)]
    internal void Every_value_of_a_run_is_near_a_place(DType type, bool transposed) =>
        Gen.Select(Gen.Int[0, Rows - 144], Gen.Int[1, 144], Gen.Int[0, 3], Gen.Int[1, 18]).Sample((first, rows, run, parts) =>
        {
            var (elements, bytes) = type.Block();
            int[] shape = transposed ? [Columns, Rows] : [Rows, Columns];
            long rowBytes = (long)shape[1] / elements * bytes, length = rowBytes * shape[0];
            byte* data = (byte*)NativeMemory.AlignedAlloc((nuint)length, Line);
            try
            {
                var tensor = new Tensor("w", type, [shape[0], shape[1]], "memory", data, length);
                var weight = new StoredRows(
                    new StoredWeight(tensor, RowOrder.AsStored, Rows, Columns, transposed), new SourceRows(InMemory.OfSizes(1, 1, 2)));
                const int count = MatMul.Run;
                int start = run * count;
                bool[] near = new bool[length];
                int longest = 0;
                for (int part = 0; part < parts; part++)
                {
                    var ahead = ((IWeightRows)weight).Ahead(first, rows, start, count, part, parts, MatMul.Run);
                    if (ahead.At == 0) continue;
                    longest = Math.Max(longest, ahead.Step);
                    for (int place = 0; place < MatMul.Run; place++)
                    {
                        long at = ahead.After(place).At - (nint)data;
                        if (at < length) near.AsSpan((int)at, (int)Math.Min(Line, length - at)).Fill(true);
                    }
                }
                if (longest > Line) return; // more than there are places for
                for (int row = first; row < first + rows; row++)
                    for (int k = start; k < start + count; k += elements)
                    {
                        long at = transposed ? k * rowBytes + row / elements * bytes : row * rowBytes + k / elements * bytes;
                        Assert.True(near[at]);
                    }
            }
            finally
            {
                NativeMemory.AlignedFree(data);
            }
        }, iter: 200, threads: 1);

    /// <summary>A thread's copy of rows from a file is at hand.</summary>
    [Fact]
    public void Nothing_is_far_that_was_copied()
    {
        using var folder = new TemporaryFolder();
        UntrainedNetworks.Build(UntrainedNetwork.PythiaLike(1, 64, nHeads: 2), seed: 1, folder.Path, TestContext.Current.CancellationToken);
        using var checkpoint = Checkpoint.Open(folder.Path);
        var architecture = ArchitectureReader.Read(checkpoint);
        var map = WeightMap.Bind(architecture, checkpoint);
        Assert.False(new WeightReader(map, architecture, checkpoint).Linear(WeightRole.MlpUp, 0).Weight.IsFar);
        Assert.True(new WeightReader(map, architecture).Linear(WeightRole.MlpUp, 0).Weight.IsFar);
    }
}
