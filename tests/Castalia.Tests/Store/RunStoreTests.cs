using Castalia.Residual;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Store;

public sealed class RunStoreTests
{
    [Fact]
    public void Typed_rows_are_what_was_measured_in_the_order_of_run_model_and_prompt()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts("b"), HandBuilt.TenPrompts("a"));
        string path = RunFolder.Write(run, folder.Path, CancellationToken.None);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var gains = store.Gains(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (i < 10 ? "a" : "b", i % 10)), gains.Select(row => (row.Model, row.PromptIndex)));
        var one = run.Models[0].Measurement.Readings[3];
        var last = one.Blocks[3][^1];
        Assert.Equal(
            new GainRow(
                Path.GetFileName(path), "b", "p4", 3, "factual", one.Tokens, last.Gain, Gains.Of(one, 3, ReferencePoint.FinalNorm, PositionRule.Last, NormPrecision.Float32),
                one.Blocks[2][^1].Gain, 2, 0.25, 0.5, "a", last.R, last.CosTheta, last.AlignAttn, last.AlignMlp, last.SizeAttn, last.SizeMlp, last.Cross,
                2 * last.AlignAttn + last.SizeAttn + last.Cross / 2, 2 * last.AlignMlp + last.SizeMlp + last.Cross / 2),
            gains[13]);
        Assert.All(gains, row => Assert.Equal(row.Gain!.Value * row.Gain.Value - 1, row.AttributionAttn!.Value + row.AttributionMlp!.Value, 1e-9));
        Assert.Empty(store.Positions(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Blocks_are_means_over_prompts_of_each_prompts_own_ratio_of_mean_norms()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        RunFolder.Write(run, folder.Path, CancellationToken.None);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var blocks = store.Blocks(TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3], blocks.Select(block => block.Layer));
        var readings = run.Models[0].Measurement.Readings;
        Assert.All(blocks, block =>
        {
            Assert.Equal((4, 10L), (block.NLayers, block.Prompts));
            Assert.Equal(readings.Average(r => r.Blocks[block.Layer][^1].Gain), block.Gain!.Value, 1e-12);
            Assert.Equal(readings.Average(r => Gains.Attention(r, block.Layer)!.Value), block.SubmoduleGainAttn!.Value, 1e-12);
            Assert.Equal(readings.Average(r => r.Blocks[block.Layer].Average(b => b.NormMlpOut) / r.Blocks[block.Layer].Average(b => b.NormMlpIn)),
                block.SubmoduleGainMlp!.Value, 1e-12);
        });
    }

    [Fact]
    public void Positions_have_a_row_for_every_token_of_the_last_block()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        RunFolder.Write(run with { Options = run.Options with { AllPositions = true } }, folder.Path, CancellationToken.None);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var positions = store.Positions(TestContext.Current.CancellationToken);
        Assert.Equal(35, positions.Count);
        Assert.Equal(10, store.Gains(TestContext.Current.CancellationToken).Count);
        var row = positions[4];
        Assert.Equal((1, 1, 1, "a"), (row.At.PromptIndex, row.Position, row.Token, row.Piece));
        Assert.Equal(run.Models[0].Measurement.Readings[1].Blocks[3][1].CosTheta, row.At.CosTheta);
        Assert.Null(row.At.Entropy);
    }

    [Fact]
    public void A_query_sees_every_view()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Write(HandBuilt.Run(HandBuilt.TenPrompts()), folder.Path, CancellationToken.None);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var result = store.Query(
            "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM models), (SELECT count(*) FROM prompts), (SELECT count(*) FROM readings), " +
            "(SELECT count(*) FROM gains), (SELECT count(*) FROM positions), (SELECT count(*) FROM blocks);", TestContext.Current.CancellationToken);
        Assert.Equal([1L, 1L, 10L, 240L, 10L, 0L, 4L], result.Rows[0]);
    }
}
