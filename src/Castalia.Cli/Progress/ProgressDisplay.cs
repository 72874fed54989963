using Castalia.Conversion;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Training;
using Castalia.Twins;

namespace Castalia.Cli.Progress;

/// <summary>Where long work reports: messages, and the blocks or files and the bytes of the model at hand.</summary>
/// <param name="Message">Told what is being done.</param>
/// <param name="Model">Starts to measure a model, by its name.</param>
/// <param name="Pull">Starts to fetch a model, by its name.</param>
/// <param name="Convert">Starts to convert a model, by its name.</param>
/// <param name="Hash">Starts to hash the files of a run or of a model, by its name.</param>
/// <param name="Train">Starts to train a network, by its name.</param>
sealed record ProgressSink(
    Action<string> Message, Func<string, IProgress<MeasureProgress>> Model, Func<string, IProgress<PullProgress>> Pull,
    Func<string, IProgress<ConvertProgress>> Convert, Func<string, IProgress<HashProgress>> Hash,
    Func<string, TrainingOptions, TrainingSink> Train);

/// <summary>Progress on standard error: moving bars on a terminal, lines of plain text elsewhere.</summary>
static class ProgressDisplay
{
    /// <summary>Runs work under the display that fits standard error.</summary>
    public static void Run(Action<ProgressSink> work)
    {
        if (IsTerminal) TerminalBars.Run(Console.Error, () => Terminal.ErrorWidth, () => Terminal.ErrorHeight, TimeProvider.System, work);
        else work(PlainLines.To(Console.Error, TimeProvider.System));
    }

    /// <summary>Runs work without a display, as where several are at work at once.</summary>
    public static void Silently(Action<ProgressSink> work) => work(new(
        _ => { }, _ => new Immediate<MeasureProgress>(_ => { }), _ => new Immediate<PullProgress>(_ => { }), _ => new Immediate<ConvertProgress>(_ => { }), _ => new Immediate<HashProgress>(_ => { }),
        (_, _) => new TrainingSink(_ => { }, _ => { }, () => { })));

    /// <summary>Bars move the cursor, which NO_COLOR and a dumb terminal do not want either.</summary>
    public static bool IsTerminal =>
        !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");
}

/// <summary>Reports on the thread that reports, in its order; System.Progress would post them elsewhere.</summary>
sealed class Immediate<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
