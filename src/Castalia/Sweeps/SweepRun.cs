using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Sweeps;

/// <summary>Computes the cells of a plan that are not done, together with whoever else does in the same folder.</summary>
sealed class SweepRun
{
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    readonly SweepFolder _folder;
    readonly SweepOptions _options;
    readonly CellQueue _queue;
    readonly OwnerWatch _watch;
    readonly SweepClaims _claims;
    readonly CellWorker _worker;
    readonly Dictionary<string, SweepCell> _claimed;
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly Lock _lock = new();
    readonly CancellationTokenSource _stopped;
    SweepSession _session;
    Exception? _end;

    SweepRun(SweepPlan plan, SweepFolder folder, SweepOptions options, CancellationToken cancellation)
    {
        (_folder, _options) = (folder, options);
        _watch = new(folder);
        _claims = new(folder, _watch);
        _queue = new(plan.Cells, folder, _claims);
        _claimed = plan.Cells.ToDictionary(cell => cell.Key, StringComparer.Ordinal);
        foreach (var cell in plan.Cells)
            if (cell.Alone is { } place) _claimed[place] = cell;
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation, options.Deadline?.GivesBack ?? CancellationToken.None);
        _worker = new(folder, options, _queue, _claims, _stopped.Token);
        _session = Begin();
    }

    /// <summary>Computes until every cell is done or has failed, or it must stop.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops within a cell, which is then free for others.</param>
    /// <exception cref="InputException">The folder cannot be written. What concerns one cell is that cell's failure.</exception>
    public static SweepEnd Take(SweepPlan plan, SweepFolder folder, SweepOptions options, CancellationToken cancellation)
    {
        folder.Make();
        folder.RemoveStrays();
        SweepLists.Write(folder, plan);
        var run = new SweepRun(plan, folder, options, cancellation);
        run.Tidy();
        try
        {
            var workers = Enumerable.Range(0, options.Workers).Select(i => new Thread(run.Work) { Name = $"castalia sweep {i}" }).ToList();
            foreach (var worker in workers) worker.Start();
            foreach (var worker in workers) worker.Join();
        }
        finally
        {
            run.Tidy();
            run.End();
        }
        cancellation.ThrowIfCancellationRequested();
        if (run._end is { } fault) ExceptionDispatchInfo.Throw(fault);
        run._queue.Refresh();
        return new(plan.Cells.Count, run._queue.Done, run._worker.Computed, run._queue.Failed, plan.Cells.Count - run._queue.Done - run._queue.Failed);
    }

    SweepSession Begin()
    {
        var owner = new SweepOwner(_folder, _options.Lease);
        return new(owner, new(Path.Combine(_folder.Fetched, owner.Id), _options.Hub, _options.Disk, _queue.IsWaitedFor, _options.Say));
    }

    void Tidy()
    {
        try
        {
            _watch.Bury();
            var listing = _folder.List();
            _claims.Tidy(name => listing.Runs.Contains(name) || listing.Failed.Contains(name) || (_claimed.TryGetValue(name, out var cell) && (listing.IsDone(cell) || listing.Failed.Contains(cell.Key))));
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            // Nothing depends on it.
        }
    }

    void End()
    {
        _session.Supply.Dispose();
        _session.Owner.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Begins anew where others have taken this process for dead.</summary>
    SweepSession Living()
    {
        lock (_lock)
        {
            if (_session.Owner.IsAlive) return _session;
            _options.Say("this process was silent for longer than its lease, and others have taken its cells; it goes on with what is left");
            _session.Supply.Dispose();
            _session.Owner.Dispose();
            return _session = Begin();
        }
    }

    /// <summary>Whether one more cell may be begun, by the longest so far.</summary>
    bool HasTime => !_stopped.IsCancellationRequested && !(_options.Limit is { } limit && _clock.Elapsed + _worker.Longest >= limit) && _options.Deadline?.HasRoomFor(_worker.Longest) != false;

    void Work()
    {
        string? last = null;
        var idle = Stopwatch.StartNew();
        bool hasSaid = false;
        try
        {
            while (HasTime)
            {
                var session = Living();
                if (_queue.Next(last) is { } cell)
                {
                    last = cell.Named;
                    _worker.Take(cell, session);
                    idle.Restart();
                    continue;
                }
                if (_queue.IsEmpty || idle.Elapsed > _options.Patience) return;
                if (idle.Elapsed > _options.Lease && !hasSaid)
                {
                    _options.Say(FormattableString.Invariant($"nothing to take: {_queue.Count - _queue.Settled} cells that are left are in the hands of others, or stand on theirs; it waits for them"));
                    hasSaid = true;
                }
                if (!_stopped.Token.WaitHandle.WaitOne(s_pause)) _queue.Refresh();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever waits for the threads says so.
        }
        catch (Exception e)
        {
            _end ??= e is SweepDiskException { InnerException: { } disk } ? disk : Unfinished.IsOfDisk(e) ? SweepErrors.NotWritable(_folder.Path, e) : e;
            _stopped.Cancel();
        }
    }
}
