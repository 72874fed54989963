using Castalia.Checkpoints;
using Castalia.Forward;
using Xunit;

namespace Castalia.Tests.Parity;

public sealed class FiguresParityTests
{
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Every_figure_of_the_reference_is_reproduced(string @case) => Check(Golden.Load(@case));

    [Theory]
    [InlineData("stories260k-llama")]
    [InlineData("capp-gpt2")]
    public void The_figures_of_a_small_trained_model_are_reproduced(string name) => Check(Golden.LoadReal(name, name));

    /// <summary>Every reading closes the decomposition, at every position.</summary>
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void The_decomposition_of_every_reading_closes(string @case)
    {
        var golden = Golden.Load(@case);
        var readings = Take(golden).Readings.SelectMany(prompt => prompt.Blocks).SelectMany(block => block).ToList();
        Assert.Equal(golden.Prompts.Sum(prompt => prompt.Ids.Count) * golden.Figures[0].GetProperty("blocks").GetArrayLength(), readings.Count);
        Assert.All(readings, reading => Assert.InRange(reading.Closure, 0, 1e-9));
    }

    /// <summary>−ln of the softmax of the reference's own logits, at the token that follows.</summary>
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void The_loss_of_every_known_next_token_is_that_of_the_references_logits(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var measurement = Measurement.Take(checkpoint, golden.Prompts, null, new() { Threads = 2, AllPositions = true }, null, TestContext.Current.CancellationToken);
        int known = 0;
        for (int p = 0; p < golden.Prompts.Count; p++)
        {
            var ids = golden.Prompts[p].Ids;
            var outputs = measurement.Readings[p].Outputs;
            Assert.Equal(double.NaN, outputs[^1]!.Value.LossNats);
            if (!golden.Arrays.TryGetValue($"p{p}.logits", out var logits) || logits.Shape[0] != ids.Count) continue;
            for (int t = 0; t + 1 < ids.Count; t++, known++)
            {
                double[] row = [.. logits.Row(t)];
                double expected = row.Max() - row[ids[t + 1]] + Math.Log(row.Sum(l => Math.Exp(l - row.Max())));
                Assert.Equal(expected, outputs[t]!.Value.LossNats, 1e-4);
            }
        }
        Assert.True(known > 0, "the golden has logits at one position only");
    }

    static void Check(Golden golden)
    {
        var measurement = Take(golden);
        Assert.Equal(golden.Prompts.Count, measurement.Readings.Count);
        for (int p = 0; p < golden.Prompts.Count; p++)
            new FigureComparison($"{golden.Name}, prompt {p}", relative: 1e-5, entropyNats: 1e-5, streamError: 1e-6)
                .Check(golden.Figures[p], measurement.Readings[p]);
    }

    static Measurement Take(Golden golden)
    {
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        return Measurement.Take(checkpoint, golden.Prompts, null, new() { Threads = 2 }, null, TestContext.Current.CancellationToken);
    }
}
