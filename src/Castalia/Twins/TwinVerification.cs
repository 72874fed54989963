using System.Diagnostics;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A shipped network that was trained again.</summary>
/// <param name="Shipped">Which.</param>
/// <param name="Sha256">Of the model.safetensors that came out.</param>
/// <param name="Took">How long its training took.</param>
sealed record VerifiedTwin(ShippedTwin Shipped, string Sha256, TimeSpan Took)
{
    /// <summary>Whether it is, to the bit, what is shipped.</summary>
    public bool IsSame => Sha256 == Shipped.Sha256;
}

/// <summary>Trains shipped networks again, by their plan, and compares what comes out.</summary>
static class TwinVerification
{
    const string Folder = "castalia-twins";

    /// <summary>Trains all of them, several at once where there are threads, in a temporary folder that is removed at the end.</summary>
    /// <param name="twins">The networks.</param>
    /// <param name="scratch">Where the temporary folder is made.</param>
    /// <param name="threads">Threads in all; no bit depends on them.</param>
    /// <param name="training">Begins to show a network's training.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <returns>One each, in the same order.</returns>
    /// <exception cref="InputException">The temporary folder cannot be written.</exception>
    public static IReadOnlyList<VerifiedTwin> Take(
        IReadOnlyList<ShippedTwin> twins, string scratch, int threads, Func<string, TrainingOptions, TrainingSink> training, CancellationToken cancellation)
    {
        Unfinished.Sweep(scratch);
        using var unfinished = Begun(Path.Combine(scratch, Folder));
        var verified = new VerifiedTwin[twins.Count];
        int atOnce = Math.Min(threads, twins.Count);
        var each = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, twins.Count, each, i => verified[i] = Taken(twins[i], Path.Combine(unfinished.Path, twins[i].Name), threads / atOnce, training(twins[i].Name, twins[i].Twin.Recipe.Options), cancellation));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } fault)
        {
            throw fault;
        }
        return verified;
    }

    /// <summary>Refuses networks that came out otherwise.</summary>
    /// <exception cref="InputException">Some did; it names them.</exception>
    public static void Check(IReadOnlyList<VerifiedTwin> verified)
    {
        if (verified.Where(twin => !twin.IsSame).ToList() is { Count: > 0 } different) throw TwinErrors.NotTheSame(different, verified.Count);
    }

    static VerifiedTwin Taken(ShippedTwin twin, string folder, int threads, TrainingSink shown, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        TrainedNetwork trained;
        try
        {
            trained = twin.Training.Take(folder, threads, shown.Step, cancellation);
        }
        finally
        {
            shown.Done();
        }
        return new(twin, Sha256.OfFile(Path.Combine(trained.Folder, ShippedTwin.Weights), cancellation), Stopwatch.GetElapsedTime(began));
    }

    static Unfinished Begun(string path)
    {
        try
        {
            return Unfinished.Beside(path);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NoScratch(path, e);
        }
    }
}
