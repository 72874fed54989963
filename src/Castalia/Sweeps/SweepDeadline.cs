using System.Diagnostics;

namespace Castalia.Sweeps;

/// <summary>When a process will be ended by its scheduler. Before that it begins no cell that would not be finished, and at last gives back the one that it has in hand.</summary>
sealed class SweepDeadline : IDisposable
{
    // What a timer can wait for; a limit beyond it is none.
    static readonly TimeSpan s_longest = TimeSpan.FromDays(40);

    readonly CancellationTokenSource _givesBack = new();
    readonly Lock _lock = new();
    readonly Stopwatch _clock = Stopwatch.StartNew();
    TimeSpan? _last;
    bool _isNear;

    /// <summary>Begins.</summary>
    /// <param name="left">Until it is ended; null for no limit.</param>
    public SweepDeadline(TimeSpan? left)
    {
        if (left is { } time) Move(time);
    }

    /// <summary>Cancelled when nothing may be in hand any more.</summary>
    public CancellationToken GivesBack => _givesBack.Token;

    /// <summary>Whether it came so near that a cell was not begun, or given back.</summary>
    public bool IsNear => _isNear || _givesBack.IsCancellationRequested;

    /// <summary>What is kept of a time for giving back, in which Slurm may also be early: a twentieth, from 5 s to a minute.</summary>
    public static TimeSpan Reserve(TimeSpan left) => TimeSpan.FromSeconds(Math.Clamp(left.TotalSeconds / 20, 5, 60));

    /// <summary>It will be ended by then, if not before.</summary>
    /// <param name="left">From now.</param>
    public void Move(TimeSpan left)
    {
        lock (_lock)
        {
            var last = _clock.Elapsed + left - Reserve(left);
            if (last >= (_last ?? s_longest)) return;
            _last = last;
            _givesBack.CancelAfter(last > _clock.Elapsed ? last - _clock.Elapsed : TimeSpan.Zero);
        }
    }

    /// <summary>Whether something that lasts so long may be begun.</summary>
    public bool HasRoomFor(TimeSpan longest)
    {
        lock (_lock)
        {
            bool has = _last is not { } last || _clock.Elapsed + longest < last;
            if (!has) _isNear = true;
            return has && !_givesBack.IsCancellationRequested;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _givesBack.Dispose();
}
