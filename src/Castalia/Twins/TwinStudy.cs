using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What became of a plan.</summary>
/// <param name="Measured">Networks that were trained and measured, in the plan's order.</param>
/// <param name="Failed">The others, with why.</param>
/// <param name="Of">Networks of the plan.</param>
sealed record StudyOutcome(IReadOnlyList<MeasuredTwin> Measured, IReadOnlyList<(Twin Twin, InputException Why)> Failed, int Of)
{
    /// <summary>What is to be said of those that failed; null where none did.</summary>
    public InputException? Failure(string folder) => Failed.Count == 0 ? null : Of == 1 ? Failed[0].Why : TwinErrors.SomeFailed(Failed, Of, folder);
}

/// <summary>Trains the networks of a plan, as many at once as there are threads and memory for, and measures the last checkpoint of each.</summary>
/// <remarks>
/// What is trained already is not trained again, and what is measured already gets no second run folder: an interrupted study goes on with the same call. Networks are measured one after
/// the other in the plan's order, each as soon as those before it are.
/// </remarks>
static class TwinStudy
{
    /// <summary>Carries a plan out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">Where networks and runs go.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="available">Bytes of memory that may be taken.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <exception cref="InputException">Not even one of the networks fits in memory; the disk is full.</exception>
    public static StudyOutcome Take(TwinPlan plan, string folder, int threads, long seed, long available, TwinProgress progress, CancellationToken cancellation)
    {
        var forecast = StudyForecast.Of(plan, threads, available);
        progress.Say(forecast.Said);
        Unfinished.Sweep(folder);
        Unfinished.Sweep(Path.Combine(folder, TwinMeasuring.RunsFolder));
        using var corpus = Corpus(plan, folder, progress, cancellation);
        StudyTables.Begin(plan, corpus, seed, folder, progress.Say);
        var trained = new (TrainedNetwork Network, TwinTexts Texts)?[plan.Twins.Count];
        var measured = new MeasuredTwin?[plan.Twins.Count];
        var failures = new InputException?[plan.Twins.Count];
        var ended = new bool[plan.Twins.Count];
        var measuring = new Lock();
        int next = 0;
        SideBySide.Run(plan.Twins.Count, threads, forecast.AtOnce, One, cancellation);
        TwinCurves.Write(plan, folder);
        bool isWhole = failures.All(failure => failure is null);
        if (isWhole) TwinTable.Of(measured.OfType<MeasuredTwin>()).Write(folder);
        if (isWhole && plan.Interpolate is { } points) TwinInterpolation.Write(plan, points, corpus, folder, threads, progress.Say, cancellation);
        return new([.. measured.OfType<MeasuredTwin>()], [.. failures.Index().Where(of => of.Item is not null).Select(of => (plan.Twins[of.Index], of.Item!))], plan.Twins.Count);

        void One(int index, int share, CancellationToken stop)
        {
            var twin = plan.Twins[index];
            if (plan.Twins.Count > 1) progress.Say(FormattableString.Invariant($"network {index + 1} of {plan.Twins.Count}: {twin.Name}"));
            var texts = TwinTexts.Of(twin, corpus);
            try
            {
                trained[index] = (TwinTraining.Take(twin, texts, Path.Combine(folder, twin.Folder), share, progress, stop), texts);
            }
            catch (InputException e)
            {
                failures[index] = e;
            }
            Volatile.Write(ref ended[index], true);
            lock (measuring)
                for (; next < ended.Length && Volatile.Read(ref ended[next]); next++) Measure(next, share, stop);
        }

        void Measure(int index, int share, CancellationToken stop)
        {
            if (trained[index] is not var (network, texts)) return;
            try
            {
                measured[index] = TwinMeasuring.Take(plan.Name, plan.Twins[index], network, texts, folder, share, seed, progress, stop);
            }
            catch (InputException e)
            {
                failures[index] = e;
            }
            trained[index] = null;
        }
    }

    /// <summary>What a plan trains on, tokenised once; null for the language.</summary>
    /// <exception cref="InputException">It cannot be read, is too short, or cannot be written.</exception>
    public static Corpus? Corpus(TwinPlan plan, string folder, TwinProgress progress, CancellationToken cancellation)
    {
        if (plan.Corpus is not var (file, path, tokenizer)) return null;
        var corpus = CorpusStore.Open(file, path, tokenizer, folder, progress.Say, cancellation);
        try
        {
            corpus.CheckFor(plan.Twins.Max(twin => twin.Recipe.Options.Tokens));
            return corpus;
        }
        catch
        {
            corpus.Dispose();
            throw;
        }
    }
}
