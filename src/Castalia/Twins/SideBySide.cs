using System.Runtime.ExceptionServices;
using Castalia.Errors;

namespace Castalia.Twins;

/// <summary>Pieces of work done several at once, with the threads shared out among them.</summary>
/// <remarks>
/// A piece begins when threads are free, and takes its part of them for as long as it lasts: one each where pieces wait in number, all of them where it is the last.
/// </remarks>
static class SideBySide
{
    /// <summary>Does all of them, begun in their order; one that fails does not stop the others.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="threads">Threads in all.</param>
    /// <param name="most">Most pieces at once.</param>
    /// <param name="work">Does a piece with some threads.</param>
    /// <param name="cancellation">No further piece is begun.</param>
    /// <returns>Of each piece why it failed; null where it did not.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; no piece is under way any more.</exception>
    public static IReadOnlyList<InputException?> Run(int pieces, int threads, int most, Action<int, int, CancellationToken> work, CancellationToken cancellation)
    {
        var failures = new InputException?[pieces];
        var gate = new object();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? broken = null;
        List<Thread> begun = [];
        int free = threads, running = 0;
        for (int piece = 0; piece < pieces; piece++)
        {
            int share;
            lock (gate)
            {
                while (running == most || free == 0) Monitor.Wait(gate);
                if (stop.IsCancellationRequested) break;
                int beginning = Math.Min(Math.Min(pieces - piece, free), most - running);
                share = (free + beginning - 1) / beginning;
                (free, running) = (free - share, running + 1);
            }
            int of = piece;
            var thread = new Thread(() => Do(of, share)) { Name = FormattableString.Invariant($"castalia piece {of}") };
            begun.Add(thread);
            thread.Start();
        }
        foreach (var thread in begun) thread.Join();
        broken?.Throw();
        cancellation.ThrowIfCancellationRequested();
        return failures;

        void Do(int piece, int share)
        {
            try
            {
                work(piece, share, stop.Token);
            }
            catch (InputException e)
            {
                failures[piece] = e;
            }
#pragma warning disable CA1031 // handed on to the caller of Run
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (e is not OperationCanceledException || !stop.IsCancellationRequested) Interlocked.CompareExchange(ref broken, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
            finally
            {
                lock (gate)
                {
                    (free, running) = (free + share, running - 1);
                    Monitor.Pulse(gate);
                }
            }
        }
    }
}
