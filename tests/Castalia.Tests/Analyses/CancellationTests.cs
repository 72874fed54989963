using System.Diagnostics;
using Castalia.Analyses;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Analyses;

/// <summary>Whatever resamples stops soon after it is told to.</summary>
public sealed class CancellationTests
{
    static readonly double[] Many = [.. Enumerable.Range(0, 500_000).Select(i => 1 + Math.Sin(i))];

    static readonly double[] Others = [.. Enumerable.Range(0, 500_000).Select(i => Math.Cos(i))];

    [Fact]
    public void A_bootstrap_of_a_mean() => Stops(token => Describe.Of(Many, 1, token));

    [Fact]
    public void A_permutation() => Stops(token => Relation.Of(Many, Others, 1, token));

    [Fact]
    public void A_bootstrap_by_text()
    {
        int[][] clusters = [.. Enumerable.Range(0, 500_000).Chunk(100)];
        Stops(token => ClusteredRelation.Of(Many, Others, clusters, 1, token));
    }

    [Fact]
    public void The_summary_of_a_run() => Stops(token =>
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts("a", 2));
        while (true) Summary.Of(run, token);
    });

    static void Stops(Action<CancellationToken> work)
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => work(source.Token));
        // A second is the aim; a machine that runs other tests meanwhile gets more. Uncancelled, each takes tens of seconds.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"{clock.Elapsed}");
    }
}
