using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class LogSumExpTests
{
    [Fact]
    public void Entropy_and_top_are_their_definitions() => Gen.Single[-30, 30].Array[1, 70].Sample(logits =>
    {
        double[] e = [.. logits.Select(l => Math.Exp((double)l - logits.Max()))];
        double expected = -e.Where(v => v > 0).Sum(v => v / e.Sum() * Math.Log(v / e.Sum()));
        var (entropy, top, probability, margin, logSum) = LogSumExp.Of(logits);
        Assert.Equal(expected, entropy, 1e-12);
        Assert.Equal(Array.IndexOf(logits, logits.Max()), top);
        Assert.Equal(e.Max() / e.Sum(), probability, 1e-14);
        Assert.Equal(Math.Log(e.Sum()), logSum, 1e-14);
        if (logits.Length == 1) Assert.Equal(double.NaN, margin);
        else Assert.Equal((double)logits.Max() - logits.OrderDescending().ElementAt(1), margin);
    }, iter: 5000);

    [Fact]
    public void Equal_logits_have_the_entropy_of_their_number()
    {
        float[] logits = [.. Enumerable.Repeat(3f, 50304)];
        Assert.Equal(Math.Log(50304), LogSumExp.Of(logits).Entropy, 1e-12);
        Assert.Equal(0, LogSumExp.Of(logits).Top);
    }

    [Fact]
    public void A_logit_far_below_the_others_counts_for_nothing() =>
        Assert.Equal(Math.Log(2), LogSumExp.Of([0f, 0f, -3e38f]).Entropy, 1e-15);
}
