namespace Castalia.Forward;

/// <summary>A fixed number of threads that share out numbered pieces of work; the caller is one of them.</summary>
/// <remarks>Which thread takes which piece is left to chance, so a piece must not depend on any other.</remarks>
sealed class Crew : IDisposable
{
    readonly Thread[] _others;
    readonly SemaphoreSlim _start = new(0);
    readonly CountdownEvent _done;
    readonly CancellationToken _cancellation;
    Action<int, int>? _work;
    Exception? _failure;
    int _pieces, _next;
    bool _closing;

    /// <param name="threads">Threads in all, the caller's included; at least 1.</param>
    /// <param name="cancellation">Stops the work between pieces.</param>
    public Crew(int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _cancellation = cancellation;
        _done = new CountdownEvent(Math.Max(1, threads - 1));
        _others = [.. Enumerable.Range(1, threads - 1).Select(Recruit)];
    }

    /// <summary>Threads in all.</summary>
    public int Threads { get; }

    /// <summary>Runs work(piece, worker) for every piece; workers are numbered from 0. Returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; pieces not begun are left out.</exception>
    public void Run(int pieces, Action<int, int> work)
    {
        _cancellation.ThrowIfCancellationRequested();
        (_work, _pieces, _next, _failure) = (work, pieces, 0, null);
        int helpers = Math.Min(_others.Length, pieces - 1);
        if (helpers > 0)
        {
            _done.Reset(helpers);
            _start.Release(helpers);
        }
        TakePieces(0);
        if (helpers > 0) _done.Wait(CancellationToken.None);
        if (_failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        _cancellation.ThrowIfCancellationRequested();
    }

    void TakePieces(int worker)
    {
        try
        {
            for (int piece; (piece = Interlocked.Increment(ref _next) - 1) < _pieces;)
            {
                if (_cancellation.IsCancellationRequested || Volatile.Read(ref _failure) is not null) return;
                _work!(piece, worker);
            }
        }
#pragma warning disable CA1031 // handed on to the caller of Run
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }

    Thread Recruit(int worker)
    {
        var thread = new Thread(() =>
        {
            while (true)
            {
                _start.Wait(CancellationToken.None);
                if (_closing) return;
                TakePieces(worker);
                _done.Signal();
            }
        })
        { IsBackground = true, Name = $"castalia {worker}" };
        thread.Start();
        return thread;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing = true;
        if (_others.Length > 0) _start.Release(_others.Length);
        foreach (var thread in _others) thread.Join();
        _start.Dispose();
        _done.Dispose();
    }
}
