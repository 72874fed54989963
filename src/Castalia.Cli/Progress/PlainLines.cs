using Castalia.Errors;
using Castalia.Reports;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Cli.Progress;

/// <summary>Progress for pipes and log files: a line now and then, no control characters.</summary>
static class PlainLines
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    const int LongestName = 200, LongestMessage = 1200;

    /// <summary>Writes lines to a writer, for one model at most one in five seconds.</summary>
    public static ProgressSink To(TextWriter to, TimeProvider clock)
    {
        var writer = TextWriter.Synchronized(to);
        Action<Func<string>> Lines(string name, string what)
        {
            long last = clock.GetTimestamp();
            writer.WriteLine(Fitted($"castalia: {Shown(name)}: {what}"));
            return amount =>
            {
                if (clock.GetElapsedTime(last) < Quiet) return;
                last = clock.GetTimestamp();
                writer.WriteLine(Fitted($"castalia: {Shown(name)}: {amount()}"));
            };
        }
        return new(
            message => writer.WriteLine(Fitted($"castalia: {Printable.Of(message, LongestMessage)}")),
            name =>
            {
                var line = Lines(name, "measuring");
                return new Immediate<Forward.MeasureProgress>(p => line(() => Amount.Of(p)));
            },
            name =>
            {
                var line = Lines(name, "fetching");
                return new Immediate<Hub.PullProgress>(p => line(() => Amount.Of(p)));
            },
            name =>
            {
                var line = Lines(name, "converting");
                return new Immediate<Conversion.ConvertProgress>(p => line(() => Amount.Of(p)));
            },
            name =>
            {
                var line = Lines(name, "hashing the weights");
                return new Immediate<Runs.HashProgress>(p => line(() => Amount.Of(p)));
            },
            (name, options) =>
            {
                var line = Lines(name, "training");
                var pace = new TrainingPace(options, clock);
                return new TrainingSink(
                    step =>
                    {
                        pace.After(step);
                        line(() => string.Join(",", [pace.Text, .. pace.Lines.Select(more => more[1..])]));
                    },
                    gains => pace.At(gains),
                    () => { });
            });
    }

    /// <summary>A terminal that takes no bars has a width all the same.</summary>
    static string Fitted(string line) => Console.IsErrorRedirected ? line : Wrapped.Lines(line, Terminal.ErrorWidth);

    static string Shown(string name) => Printable.Of(name, LongestName);
}
