using Castalia.Errors;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>Threads are shared out among pieces of work, and one that fails leaves the others alone.</summary>
public sealed class SideBySideTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 8, 8, new[] { 8 })]
    [InlineData(2, 8, 8, new[] { 4, 4 })]
    [InlineData(3, 8, 8, new[] { 3, 3, 2 })]
    [InlineData(4, 2, 8, new[] { 1, 1, 1, 1 })]
    [InlineData(3, 8, 2, new[] { 4, 4, 4 })]
    [InlineData(2, 3, 1, new[] { 3, 3 })]
    public void Free_threads_are_shared_out_evenly(int pieces, int threads, int most, int[] expected)
    {
        int[] shares = new int[pieces];
        int used = 0, atOnce = 0;
        using var first = new Barrier(Math.Min(Math.Min(pieces, threads), most)); // so that those that can be under way at once are
        var failures = SideBySide.Run(pieces, threads, most, (piece, share, _) =>
        {
            Assert.True(Interlocked.Add(ref used, share) <= threads);
            Assert.True(Interlocked.Increment(ref atOnce) <= most);
            shares[piece] = share;
            if (piece < first.ParticipantCount) first.SignalAndWait(Token);
            Interlocked.Decrement(ref atOnce);
            Interlocked.Add(ref used, -share);
        }, Token);
        Assert.All(failures, Assert.Null);
        Assert.Equal(expected[..first.ParticipantCount], shares[..first.ParticipantCount]);
        Assert.All(shares, share => Assert.InRange(share, 1, threads));
    }

    [Fact]
    public void A_failure_is_kept_beside_the_rest_which_go_on()
    {
        var done = new bool[5];
        var failures = SideBySide.Run(5, 2, 2, (piece, _, _) =>
        {
            if (piece == 1) throw new InputException("cause", "place", "remedy");
            done[piece] = true;
        }, Token);
        Assert.Equal([true, false, true, true, true], done);
        Assert.Equal([null, "cause", null, null, null], failures.Select(failure => failure?.Cause));
    }

    [Fact]
    public void A_fault_of_ours_stops_the_others_and_is_thrown()
    {
        int begun = 0;
        Assert.Throws<InvalidOperationException>(() => SideBySide.Run(50, 2, 2, (piece, _, stop) =>
        {
            Interlocked.Increment(ref begun);
            if (piece == 1) throw new InvalidOperationException();
            stop.WaitHandle.WaitOne();
            stop.ThrowIfCancellationRequested();
        }, Token));
        Assert.Equal(2, begun);
    }

    [Fact]
    public void A_cancellation_ends_all_before_it_is_thrown()
    {
        using var cancel = new CancellationTokenSource();
        int under = 0, begun = 0;
        Assert.Throws<OperationCanceledException>(() => SideBySide.Run(9, 3, 3, (_, _, stop) =>
        {
            Interlocked.Increment(ref under);
            if (Interlocked.Increment(ref begun) == 3) cancel.Cancel();
            stop.WaitHandle.WaitOne();
            Interlocked.Decrement(ref under);
            stop.ThrowIfCancellationRequested();
        }, cancel.Token));
        Assert.Equal((0, 3), (under, begun));
    }
}
