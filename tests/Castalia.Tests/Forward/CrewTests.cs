using Castalia.Forward;
using Xunit;

namespace Castalia.Tests.Forward;

public sealed class CrewTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 7)]
    [InlineData(3, 1)]
    [InlineData(4, 1000)]
    public void Every_piece_is_done_once_whatever_the_threads(int threads, int pieces)
    {
        using var crew = new Crew(threads, CancellationToken.None);
        for (int round = 0; round < 50; round++)
        {
            int[] done = new int[pieces];
            crew.Run(pieces, (piece, worker) =>
            {
                Assert.InRange(worker, 0, threads - 1);
                Interlocked.Increment(ref done[piece]);
            });
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void A_failure_reaches_the_caller_and_the_crew_lives_on()
    {
        using var crew = new Crew(3, CancellationToken.None);
        Assert.Throws<FormatException>(() => crew.Run(100, (piece, _) =>
        {
            if (piece == 50) throw new FormatException();
        }));
        int done = 0;
        crew.Run(10, (_, _) => Interlocked.Increment(ref done));
        Assert.Equal(10, done);
    }

    [Fact]
    public void Cancelling_stops_between_pieces()
    {
        using var stop = new CancellationTokenSource();
        using var crew = new Crew(2, stop.Token);
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => crew.Run(1_000_000, (_, _) =>
        {
            if (Interlocked.Increment(ref done) == 10) stop.Cancel();
        }));
        Assert.InRange(done, 10, 20);
    }
}
