using Castalia.Errors;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Runs;
using Castalia.Training;
using Castalia.Twins;

namespace Castalia.Sweeps;

/// <summary>Networks of a study and the tables over them, made as <c>castalia twins</c> makes them, in a folder of the same layout.</summary>
/// <param name="folder">The sweep.</param>
/// <param name="study">The study.</param>
/// <param name="threads">Threads; no figure depends on them.</param>
/// <param name="isAlive">Whether nobody has taken this process for dead, and its work over.</param>
sealed class StudyWork(SweepFolder folder, SweepStudy study, int threads, Func<bool> isAlive)
{
    string Folder => Path.Combine(folder.Path, study.Place);

    TwinProgress Progress => new((_, _) => new(_ => StopWhenTaken(), _ => { }, () => { }), _ => new Unheard<MeasureProgress>(), _ => new Unheard<HashProgress>(), _ => { });

    /// <summary>What the study trains on, tokenised once; null for the language.</summary>
    /// <exception cref="InputException">It cannot be read; the disk refuses it.</exception>
    public Corpus? Corpus(CancellationToken cancellation) => TwinStudy.Corpus(study.Plan, Folder, Progress, cancellation);

    /// <summary>Trains a network, or goes on with it, and measures it.</summary>
    /// <param name="cell">The network.</param>
    /// <param name="corpus">What it is trained on.</param>
    /// <param name="final">Its final name, which is its run's.</param>
    /// <param name="isSucceeded">Whether another was at work on it: one that was only halted may write a checkpoint as it wakes up, of the same bits, and what it wrote is gone on from.</param>
    /// <param name="cancellation">Stops within a step; complete checkpoints stay.</param>
    /// <returns>True: it is made.</returns>
    /// <exception cref="InputException">It diverges; it does not fit in memory; the disk is full; the folder holds another network.</exception>
    public bool Network(NetworkCell cell, Corpus? corpus, string final, bool isSucceeded, CancellationToken cancellation)
    {
        var twin = cell.Twin;
        _ = StudyForecast.Of(study.Plan with { Cells = [twin.Cell], Twins = [twin] }, threads, AvailableMemory.Bytes());
        var texts = TwinTexts.Of(twin, corpus);
        try
        {
            Train();
        }
        catch (InputException) when (isSucceeded)
        {
            StopWhenTaken();
            Train();
        }
        folder.Writing(() => File.WriteAllBytes(folder.ResultAt(cell.Place, final), []));
        return true;

        void Train()
        {
            var trained = TwinTraining.Take(twin, texts, Path.Combine(Folder, twin.Folder), threads, Progress, cancellation);
            TwinMeasuring.Write(twin, trained, texts, Folder, threads, study.Seed, Progress, SweepFolder.RunName(final), cancellation);
        }
    }

    /// <summary>Writes the tables: the networks are there, and are only read.</summary>
    /// <returns>True: they are made.</returns>
    /// <exception cref="InputException">A network cannot be read; the disk is full.</exception>
    public bool Tables(string final, CancellationToken cancellation)
    {
        var outcome = TwinStudy.Take(study.Plan, Folder, threads, study.Seed, AvailableMemory.Bytes(), Progress, cancellation);
        if (outcome.Failure(Folder) is { } failure) throw failure;
        folder.Writing(() => File.WriteAllBytes(folder.ResultAt(study.Place, final), []));
        return true;
    }

    void StopWhenTaken()
    {
        if (!isAlive()) throw new OperationCanceledException("Others have taken this process for dead.");
    }

    sealed class Unheard<T> : IProgress<T>
    {
        public void Report(T value)
        {
        }
    }
}
