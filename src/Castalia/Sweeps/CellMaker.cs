using System.Collections.Concurrent;
using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Training;
using DuckDB.NET.Data;

namespace Castalia.Sweeps;

/// <summary>A cell of which everything is at hand that decides its result.</summary>
/// <param name="Final">Its final name.</param>
/// <param name="Alone">What is claimed while it is computed, beside the cell; null for nothing.</param>
/// <param name="Make">Computes and writes it; false where another has put it there.</param>
sealed record ReadyCell(string Final, string? Alone, Func<CancellationToken, bool> Make) : IDisposable
{
    /// <summary>What is held until it is made; null for nothing.</summary>
    public IDisposable? Held { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Held?.Dispose();
}

/// <summary>How cells of each kind are made.</summary>
/// <param name="folder">The folder.</param>
/// <param name="options">How.</param>
sealed class CellMaker(SweepFolder folder, SweepOptions options)
{
    const string AuditFile = "audit.json";

    readonly ConcurrentDictionary<string, CheckpointIdentity> _identities = new(StringComparer.Ordinal);

    int Threads => Math.Max(1, options.Threads / options.Workers);

    /// <summary>Takes what a cell needs.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="session">Who computes it.</param>
    /// <param name="taken">Checkpoints that were taken, also where it fails.</param>
    /// <param name="isSucceeded">Whether another was at work on it before, who may not be as dead as it seemed.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InputException">Something of it cannot be had.</exception>
    public ReadyCell Ready(SweepCell cell, SweepSession session, List<SweepCheckpoint> taken, bool isSucceeded, CancellationToken cancellation)
    {
        switch (cell)
        {
            case CheckpointCell one:
                var source = session.Supply.Take(one.Checkpoint, cancellation);
                taken.Add(one.Checkpoint);
                var identity = Identity(one.Checkpoint, source, cancellation);
                string final = CellKey.Final(identity, one.Task.Key);
                return new(final, final, stop => Run(one, source, identity, final, stop));
            case AuditCell audit:
                var sources = session.Supply.TakeAll(audit.Revisions, taken, cancellation);
                string ofAll = CellKey.Final(audit.Revisions.Zip(sources, (revision, of) => (revision, Identity(revision, of, cancellation))).ToList());
                return new(ofAll, null, stop => Audit(folder.ResultAt(audit.Place, ofAll), sources, stop));
            case NetworkCell network:
                var work = new StudyWork(folder, network.Study, Threads, () => session.Owner.IsAlive);
                var corpus = Corpus(network.Study, work, cancellation);
                string trained = CellKey.Of(network.Study, network.Twin, corpus);
                return new(trained, network.Alone, stop => OfStudy(() => work.Network(network, corpus, trained, isSucceeded, stop))) { Held = corpus };
            case TablesCell tables:
                return Tables(tables, new(folder, tables.Study, Threads, () => session.Owner.IsAlive), cancellation);
            default:
                throw new NotSupportedException($"{cell.GetType().Name} is no kind of cell that is known here.");
        }
    }

    static Corpus? Corpus(SweepStudy study, StudyWork work, CancellationToken cancellation)
    {
        if (study.Plan.Corpus is { } corpus) InputFile.Open(corpus.File).Dispose(); // what is wrong with that is the cell's fault
        return OfStudy(() => work.Corpus(cancellation));
    }

    ReadyCell Tables(TablesCell tables, StudyWork work, CancellationToken cancellation)
    {
        int failed = tables.Networks.Count(key => File.Exists(Path.Combine(folder.Failed, key)));
        if (failed > 0) throw SweepErrors.NoNetworks(tables.Study.Plan.Name, failed, tables.Networks.Count);
        var corpus = Corpus(tables.Study, work, cancellation);
        string final = CellKey.OfTables(tables.Study, tables.Study.Plan.Twins.Select(twin => CellKey.Of(tables.Study, twin, corpus)));
        return new(final, tables.Alone, stop => OfStudy(() => work.Tables(final, stop))) { Held = corpus };
    }

    bool Run(CheckpointCell cell, CheckpointSource source, CheckpointIdentity identity, string final, CancellationToken cancellation)
    {
        var (run, further) = options.Compute(cell, source, Threads, cancellation);
        try
        {
            return RunFolder.WriteAs(run, further, folder.Runs, SweepFolder.RunName(final), identity.Hashes, cancellation) is not null;
        }
        catch (InputException e) when (IsOfDisk(e.InnerException))
        {
            throw new SweepDiskException(e);
        }
    }

    bool Audit(string path, IReadOnlyList<CheckpointSource> sources, CancellationToken cancellation)
    {
        string document = options.Audit(sources, Threads, cancellation);
        try
        {
            using var unfinished = Unfinished.Beside(path);
            Directory.CreateDirectory(unfinished.Path);
            File.WriteAllText(Path.Combine(unfinished.Path, AuditFile), document, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            if (Directory.Exists(path)) return false;
            Directory.Move(unfinished.Path, path);
            return true;
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            return Directory.Exists(path) ? false : throw new SweepDiskException(SweepErrors.NotWritable(folder.Path, e));
        }
    }

    /// <summary>Of a study nothing is read but what the sweep itself has written: what the disk says is no fault of the network.</summary>
    static T OfStudy<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InputException e) when (IsOfDisk(e.InnerException))
        {
            throw new SweepDiskException(e);
        }
    }

    static bool IsOfDisk(Exception? e) => e is not null && (Unfinished.IsOfDisk(e) || e is DuckDBException || IsOfDisk(e.InnerException));

    CheckpointIdentity Identity(SweepCheckpoint checkpoint, CheckpointSource source, CancellationToken cancellation) =>
        _identities.TryGetValue(checkpoint.Named, out var known) && known.Hashes.IsUnchanged ? known : _identities[checkpoint.Named] = CheckpointIdentity.Of(source, Threads, cancellation);
}
