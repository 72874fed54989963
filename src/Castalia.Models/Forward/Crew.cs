using System.Runtime.ExceptionServices;

namespace Castalia.Forward;

/// <summary>A fixed number of threads that share out numbered pieces of work; the caller is one of them.</summary>
/// <remarks>
/// Which thread takes which piece is left to chance, so a piece must not depend on any other. Work is done when its last piece is: a
/// thread that the machine has no processor for takes none and is not waited for. A thread without work looks out for more for some
/// microseconds, the time between two sublayers, and sleeps after that.
/// </remarks>
sealed class Crew : IDisposable
{
    const int Looks = 2000, PausesPerLook = 4;

    readonly Thread[] _others;
    readonly SemaphoreSlim _wake = new(0);
    readonly CancellationToken _cancellation;
    Job? _job;
    int _sleepers;
    bool _closing;

    /// <param name="threads">Threads in all, the caller's included; at least 1.</param>
    /// <param name="cancellation">Stops the work between pieces.</param>
    public Crew(int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _cancellation = cancellation;
        _others = [.. Enumerable.Range(1, threads - 1).Select(Recruit)];
    }

    /// <summary>Threads in all.</summary>
    public int Threads { get; }

    /// <summary>For pieces that take long.</summary>
    public void ThrowIfCancelled() => _cancellation.ThrowIfCancellationRequested();

    /// <summary>Runs work(piece, worker) for every piece; workers are numbered from 0. Returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; pieces not begun are left out.</exception>
    public void Run(int pieces, Action<int, int> work)
    {
        _cancellation.ThrowIfCancellationRequested();
        var job = new Job(pieces, work, _cancellation);
        if (pieces > 1 && _others.Length > 0)
        {
            Interlocked.Exchange(ref _job, job);
            int asleep = Volatile.Read(ref _sleepers);
            if (asleep > 0) _wake.Release(Math.Min(asleep, pieces - 1));
        }
        job.TakePieces(0);
        var spin = new SpinWait();
        while (!job.IsDone) spin.SpinOnce(sleep1Threshold: -1);
        if (job.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        _cancellation.ThrowIfCancellationRequested();
    }

    Thread Recruit(int worker)
    {
        var thread = new Thread(() =>
        {
            for (Job? seen = null; (seen = Next(seen)) is not null;) seen.TakePieces(worker);
        })
        { IsBackground = true, Name = $"castalia {worker}" };
        thread.Start();
        return thread;
    }

    /// <summary>The next job after one; null at the end.</summary>
    Job? Next(Job? seen)
    {
        for (int look = 0; look < Looks; look++)
        {
            if (Volatile.Read(ref _closing)) return null;
            if (Volatile.Read(ref _job) is { } job && job != seen) return job;
            Thread.SpinWait(PausesPerLook);
        }
        // Whoever publishes a job after this line sees a sleeper, and whoever did before is seen in the loop.
        Interlocked.Increment(ref _sleepers);
        try
        {
            while (true)
            {
                if (Volatile.Read(ref _closing)) return null;
                if (Volatile.Read(ref _job) is { } job && job != seen) return job;
                _wake.Wait(CancellationToken.None);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _sleepers);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _closing, true);
        if (_others.Length > 0) _wake.Release(_others.Length);
        foreach (var thread in _others) thread.Join();
        _wake.Dispose();
    }

    sealed class Job(int pieces, Action<int, int> work, CancellationToken cancellation)
    {
        int _next, _done;
        Exception? _failure;

        /// <summary>What a piece threw first.</summary>
        public Exception? Failure => Volatile.Read(ref _failure);

        /// <summary>Every piece is done, or left out after a failure or a cancellation.</summary>
        public bool IsDone => Volatile.Read(ref _done) == pieces;

        public void TakePieces(int worker)
        {
            for (int piece; Volatile.Read(ref _next) < pieces && (piece = Interlocked.Increment(ref _next) - 1) < pieces;)
            {
                try
                {
                    if (Failure is null && !cancellation.IsCancellationRequested) work(piece, worker);
                }
#pragma warning disable CA1031 // handed on to the caller of Run
                catch (Exception e)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _failure, e, null);
                }
                finally
                {
                    Interlocked.Increment(ref _done);
                }
            }
        }
    }
}
