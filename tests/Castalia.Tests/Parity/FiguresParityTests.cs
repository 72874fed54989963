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
