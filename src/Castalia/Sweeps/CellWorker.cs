using System.Diagnostics;
using Castalia.Checkpoints;
using Castalia.Errors;

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

    readonly CellMaker _maker = new(folder, options);
    readonly Lock _lock = new();

    /// <summary>Cells whose runs were written.</summary>
    public int Computed { get; private set; }

    /// <summary>How long the longest took.</summary>
    public TimeSpan Longest { get; private set; }

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
        Claim? alone = null;
        List<SweepCheckpoint> taken = [];
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopped, session.Owner.Lost);
            if (OfFolder(() => folder.IsSettled(cell))) return;
            if (claim.Deaths >= MostDeaths) throw SweepErrors.Deadly(cell.Label, claim.Deaths);
            using var ready = _maker.Ready(cell, session, taken, isSucceeded: claim.Deaths > 0, stop.Token);
            if (!OfFolder(() => folder.IsThere(cell.Place, ready.Final)))
            {
                if (ready.Alone is { } name && (alone = OfFolder(() => claims.Take(name, session.Owner.Id))) is null)
                {
                    queue.Leave(cell, CellState.Elsewhere); // another computes what is equal to it
                    return;
                }
                if (!OfFolder(() => folder.IsThere(cell.Place, ready.Final))) Compute(cell, ready, stop.Token);
            }
            OfFolder(() => folder.Remember(cell.Key, ready.Final));
            if (!OfFolder(() => folder.IsSettled(cell))) throw new SweepDiskException(SweepErrors.NotKept(cell.Label, folder.ResultAt(cell.Place, ready.Final))); // or it would be taken without end
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
            taken.ForEach(session.Supply.Return);
            if (alone is not null) claims.Release(alone);
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

    void Compute(SweepCell cell, ReadyCell ready, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        if (!ready.Make(cancellation)) return;
        var lasted = since.Elapsed;
        lock (_lock)
        {
            Computed++;
            if (lasted > Longest) Longest = lasted;
        }
        options.Say(FormattableString.Invariant($"{queue.Settled + 1} of {queue.Count}: {cell.Label}, {lasted.TotalSeconds:0.0} s"));
    }

    void Fail(SweepCell cell, InputException why)
    {
        OfFolder(() => SweepFailures.Write(folder, cell.Key, why));
        options.Say($"{cell.Label}: {why.Cause}");
    }
}

/// <summary>The results cannot be written: no cell's fault.</summary>
/// <param name="why">What the disk says.</param>
sealed class SweepDiskException(InputException why) : Exception(why.Message, why);
