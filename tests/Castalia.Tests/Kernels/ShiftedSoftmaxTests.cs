using Castalia.Kernels;
using Xunit;

namespace Castalia.Tests.Kernels;

/// <summary>Against the definition, on lengths about every multiple of the lanes.</summary>
public sealed class ShiftedSoftmaxTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(15, true)]
    [InlineData(16, true)]
    [InlineData(33, false)]
    [InlineData(1000, true)]
    public void It_is_the_softmax_of_the_new_logits(int length, bool hasOffset)
    {
        var random = new Random(length);
        float[] Values(double size) => [.. Enumerable.Range(0, length).Select(_ => (float)(size * (random.NextDouble() + random.NextDouble() - 1)))];
        float[] logits = Values(20), offset = hasOffset ? Values(3) : [], unit = Values(1);
        double normaliser = Log(logits.Select(l => (double)l));
        float[] probabilities = [.. logits.Select(l => (float)Math.Exp(l - normaliser))];
        foreach (var (scale, shift) in new[] { (1.0, 0.0), (0.9, 0.5), (1.1, -4.0), (1.0, 700.0) })
        {
            double[] changed = [.. logits.Select((l, i) => { double q = hasOffset ? offset[i] : 0; return scale * (l - q) + q - shift * unit[i]; })];
            double other = Log(changed);
            var found = ShiftedSoftmax.Of(logits, probabilities, offset, unit, scale, shift, normaliser);
            double entropy = changed.Sum(l => Math.Exp(l - other) * (other - l)), divergence = logits.Zip(changed, (l, c) => Math.Exp(l - normaliser) * (l - normaliser - (c - other))).Sum();
            Assert.Equal(entropy, found.Entropy, 1e-9 * Math.Max(1, entropy));
            Assert.Equal(divergence, found.Divergence, 1e-6 * Math.Max(1, divergence));
            Assert.Equal(Array.IndexOf(changed, changed.Max()), found.Top);
            Assert.Equal(Math.Exp(changed.Max() - other), found.TopProbability, 1e-9);
        }
    }

    [Fact]
    public void Of_equal_logits_the_first_is_the_top()
    {
        float[] logits = new float[40];
        Array.Fill(logits, 3f);
        float[] probabilities = [.. logits.Select(_ => 1f / 40)];
        Assert.Equal(0, ShiftedSoftmax.Of(logits, probabilities, [], new float[40], 1, 0, 3 + Math.Log(40)).Top);
        Assert.Equal(Math.Log(40), ShiftedSoftmax.Of(logits, probabilities, [], new float[40], 1, 0, 3 + Math.Log(40)).Entropy, 1e-12);
    }

    [Fact]
    public void The_divergence_of_logits_is_that_of_the_definition()
    {
        var random = new Random(3);
        foreach (int length in new[] { 1, 7, 8, 9, 100 })
        {
            float[] logits = [.. Enumerable.Range(0, length).Select(_ => (float)(30 * random.NextDouble()))], others = [.. Enumerable.Range(0, length).Select(_ => (float)(30 * random.NextDouble()))];
            double log = Log(logits.Select(l => (double)l)), other = Log(others.Select(l => (double)l));
            Assert.Equal(logits.Zip(others, (l, o) => Math.Exp(l - log) * (l - log - (o - other))).Sum(), Divergence.Of(logits, others, log, other), 1e-10);
            Assert.Equal(0, Divergence.Of(logits, logits, log, log));
        }
    }

    static double Log(IEnumerable<double> logits)
    {
        double[] all = [.. logits];
        double max = all.Max();
        return max + Math.Log(all.Sum(l => Math.Exp(l - max)));
    }
}
