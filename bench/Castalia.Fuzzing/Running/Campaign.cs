using System.Diagnostics;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>A case that failed.</summary>
/// <param name="Number">Its number, by which it can be repeated.</param>
/// <param name="Reader">Name of the reader.</param>
/// <param name="Fault">What is wrong.</param>
sealed record Failure(long Number, string Reader, string Fault);

/// <summary>Many cases, on several processes, none of which can take the others with it.</summary>
/// <param name="seed">From which all cases follow.</param>
/// <param name="only">The one reader; null for all.</param>
sealed class Campaign(ulong seed, Reader? only)
{
    const int Stretch = 1000;

    readonly Lock _lock = new();
    readonly Dictionary<string, Tally> _tallies = [];
    readonly List<Failure> _failures = [];
    readonly SortedSet<long> _running = [];
    long _next, _to, _done;

    /// <summary>Counts by reader.</summary>
    public IReadOnlyDictionary<string, Tally> Tallies => _tallies;

    /// <summary>Every failure, in no order.</summary>
    public IReadOnlyList<Failure> Failures => _failures;

    /// <summary>Told of every failure as it is found; may be null.</summary>
    public Action<Failure>? Failed { get; init; }

    /// <summary>Cases done.</summary>
    public long Done => _done;

    /// <summary>The case from which a campaign that ends now would go on.</summary>
    public long Resume
    {
        get
        {
            lock (_lock) return _running.Count > 0 ? _running.Min : _next;
        }
    }

    /// <summary>Runs cases.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="workers">Processes.</param>
    /// <param name="stretchDone">Told after every thousand or so.</param>
    /// <param name="cancellation">Stops when the stretches that have begun are done.</param>
    public TimeSpan Run(long from, long to, int workers, Action<Campaign>? stretchDone, CancellationToken cancellation)
    {
        (_next, _to) = (from, to);
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() => Work(stretchDone, cancellation)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return Stopwatch.GetElapsedTime(started);
    }

    void Work(Action<Campaign>? stretchDone, CancellationToken cancellation)
    {
        WorkerProcess? worker = null;
        try
        {
            while (!cancellation.IsCancellationRequested && Take() is { } stretch)
            {
                for (long at = stretch.From; at < stretch.To;)
                {
                    worker ??= new(seed, only);
                    if (worker.Run(at, stretch.To, Heard)) break;
                    at = Ended(worker, at);
                    worker.Dispose();
                    worker = null;
                }
                lock (_lock)
                {
                    _running.Remove(stretch.From);
                    _done += stretch.To - stretch.From;
                }
                stretchDone?.Invoke(this);
            }
        }
        finally
        {
            worker?.Dispose();
        }
    }

    (long From, long To)? Take()
    {
        lock (_lock)
        {
            if (_next >= _to) return null;
            long from = _next;
            _next = Math.Min(_to, from + Stretch);
            _running.Add(from);
            return (from, _next);
        }
    }

    void Heard(string[] line)
    {
        lock (_lock)
        {
            if (line[0] == "failed") Add(new(long.Parse(line[1], System.Globalization.CultureInfo.InvariantCulture), line[2], line[3]));
            else if (line[0] == "tally") TallyOf(line[1]).Add(Tally.Parse(line[2]));
        }
    }

    /// <summary>Notes the case that ended its process, and says where to go on.</summary>
    long Ended(WorkerProcess worker, long at)
    {
        string words = worker.LastWords();
        long number = worker.Number;
        if (number < at) throw new InvalidOperationException($"A worker ended between cases, before {at}: {words}");
        string reader = (only ?? AllReaders.Of(number)).Name;
        lock (_lock)
        {
            Add(new(number, reader, words));
            TallyOf(reader).AddEnded();
        }
        return number + 1;
    }

    void Add(Failure failure)
    {
        _failures.Add(failure);
        Failed?.Invoke(failure);
    }

    Tally TallyOf(string reader) => _tallies.TryGetValue(reader, out var tally) ? tally : _tallies[reader] = new();
}
