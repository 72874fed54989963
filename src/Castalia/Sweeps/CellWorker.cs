using System.Collections.Concurrent;
using System.Diagnostics;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Sweeps;

/// <summary>A process as those who share the folder see it, and the checkpoints that it keeps; another after it was taken for dead.</summary>
/// <param name="Owner">Its sign of life.</param>
/// <param name="Supply">Its checkpoints.</param>
sealed record SweepSession(SweepOwner Owner, CheckpointSupply Supply);

/// <summary>Computes one cell after another, each with a claim, and says of each what became of it.</summary>
/// <param name="folder">The folder.</param>
/// <param name="options">How.</param>
/// <param name="queue">The cells.</param>
/// <param name="claims">Claims to them.</param>
/// <param name="stopped">Stops within a cell, which is then free for others.</param>
sealed class CellWorker(SweepFolder folder, SweepOptions options, CellQueue queue, SweepClaims claims, CancellationToken stopped)
{
    const int MostDeaths = 5;

    readonly ConcurrentDictionary<string, CheckpointIdentity> _identities = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    /// <summary>Cells whose runs were written.</summary>
    public int Computed { get; private set; }

    /// <summary>How long the longest took.</summary>
    public TimeSpan Longest { get; private set; }

    int Threads => Math.Max(1, options.Threads / options.Workers);

    /// <summary>Computes a cell, unless another has it or has settled it; what is wrong with it is its failure.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="SweepDiskException">The folder cannot be read or written.</exception>
    public void Take(SweepCell cell, SweepSession session)
    {
        if (OfFolder(() => claims.Take(cell.Key, session.Owner.Id)) is not { } claim)
        {
            queue.Leave(cell, CellState.Elsewhere);
            return;
        }
        Claim? ofContent = null;
        bool isTaken = false;
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopped, session.Owner.Lost);
            if (OfFolder(() => folder.IsSettled(cell.Key))) return;
            if (claim.Deaths >= MostDeaths) throw SweepErrors.Deadly(cell.Label, claim.Deaths);
            var source = session.Supply.Take(cell.Checkpoint, stop.Token);
            isTaken = true;
            var identity = Identity(cell.Checkpoint, source, stop.Token);
            string final = CellKey.Final(identity, cell.Task.Key);
            if (!OfFolder(() => folder.IsThere(final)))
            {
                if ((ofContent = OfFolder(() => claims.Take(final, session.Owner.Id))) is null)
                {
                    queue.Leave(cell, CellState.Elsewhere); // another computes what is equal to it
                    return;
                }
                if (!OfFolder(() => folder.IsThere(final))) Compute(cell, source, identity, final, stop.Token);
            }
            OfFolder(() => folder.Remember(cell.Key, final));
        }
        catch (Exception) when (!stopped.IsCancellationRequested && !session.Owner.IsAlive)
        {
            queue.Leave(cell, CellState.Elsewhere); // taken for dead; what it had in hand may have been removed
        }
        catch (Exception e) when (stopped.IsCancellationRequested && e is not SweepDiskException)
        {
            throw new OperationCanceledException("The sweep was stopped.", e, stopped);
        }
        catch (Exception e) when (e is not SweepDiskException)
        {
            Fail(cell, options.Fault(e) ?? new($"A fault of castalia: {e.GetType().Name}: {e.Message}", cell.Label, "Please report it, with what castalia says of this cell by itself.", e));
        }
        finally
        {
            queue.Settle(cell);
            if (isTaken) session.Supply.Return(cell.Checkpoint);
            if (ofContent is not null) claims.Release(ofContent);
            claims.Release(claim);
        }
    }

    /// <summary>What the folder refuses is no cell's fault.</summary>
    T OfFolder<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InputException e)
        {
            throw new SweepDiskException(e);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw new SweepDiskException(SweepErrors.NotWritable(folder.Path, e));
        }
    }

    void OfFolder(Action work) => OfFolder(() =>
    {
        work();
        return true;
    });

    void Compute(SweepCell cell, CheckpointSource source, CheckpointIdentity identity, string final, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        var (run, further) = options.Compute(cell, source, Threads, cancellation);
        try
        {
            if (RunFolder.WriteAs(run, further, folder.Runs, SweepFolder.RunName(final), identity.Hashes, cancellation) is null) return;
        }
        catch (InputException e) when (e.InnerException is { } inner && (Unfinished.IsOfDisk(inner) || inner is DuckDBException))
        {
            throw new SweepDiskException(e);
        }
        var lasted = since.Elapsed;
        lock (_lock)
        {
            Computed++;
            if (lasted > Longest) Longest = lasted;
        }
        options.Say(FormattableString.Invariant($"{queue.Settled + 1} of {queue.Count}: {cell.Label}, {lasted.TotalSeconds:0.0} s"));
    }

    CheckpointIdentity Identity(SweepCheckpoint checkpoint, CheckpointSource source, CancellationToken cancellation) =>
        _identities.TryGetValue(checkpoint.Named, out var known) && known.Hashes.IsUnchanged ? known : _identities[checkpoint.Named] = CheckpointIdentity.Of(source, Threads, cancellation);

    void Fail(SweepCell cell, InputException why)
    {
        OfFolder(() => SweepFailures.Write(folder, cell.Key, why));
        options.Say($"{cell.Label}: {why.Cause}");
    }
}

/// <summary>The results cannot be written: no cell's fault.</summary>
/// <param name="why">What the disk says.</param>
sealed class SweepDiskException(InputException why) : Exception(why.Message, why);
