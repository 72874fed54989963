using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Twins;

namespace Castalia.Cli.Progress;

/// <summary>Progress on a terminal: a line with a bar, and of a measurement its pace and the gains so far, removed at the end.</summary>
static class TerminalBars
{
    const int LongestName = 60, LongestMessage = 1200;

    /// <summary>Runs work over such a line.</summary>
    /// <param name="terminal">Where it is written.</param>
    /// <param name="columns">The terminal's width.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="clock">The time.</param>
    /// <param name="work">The work.</param>
    public static void Run(TextWriter terminal, Func<int> columns, Func<int> rows, TimeProvider clock, Action<ProgressSink> work)
    {
        using var line = new TerminalLine(terminal, columns, rows, clock);
        work(new ProgressSink(
            message => line.Say($"castalia: {Printable.Of(message, LongestMessage)}"),
            name =>
            {
                // One step more than blocks: the unembedding.
                var pace = new MeasurePace(clock);
                return Shown<MeasureProgress>(name, Amount.Of, p => p.Block / (p.Blocks + 1.0), (p, room) => pace.Lines(p, room, rows()));
            },
            name => Shown<PullProgress>(name, Amount.Of, p => p.TotalBytes == 0 ? 1 : p.Bytes / (double)p.TotalBytes),
            // Written, then read back.
            name => Shown<ConvertProgress>(name, Amount.Of, p => (p.Bytes + (p.Checking ? p.TotalBytes : 0)) / (2.0 * Math.Max(1, p.TotalBytes))),
            name => Shown<HashProgress>(name, Amount.Of, p => p.Bytes / (double)Math.Max(1, p.TotalBytes)),
            (name, options) =>
            {
                var pace = new TrainingPace(options, clock);
                long began = clock.GetTimestamp();
                string shown = Printable.Of(name, LongestName);
                return new TrainingSink(
                    step =>
                    {
                        pace.After(step);
                        line.Show(new(() => $"{shown}: {pace.Text}", () => $"{shown}: {pace.Brief}", pace.Share, began, room => pace.Below(room, rows())) { Least = () => $"{shown}: {pace.Least}", Name = shown.Length, From = pace.From }, pace);
                    },
                    gains => pace.At(gains),
                    () => line.Remove(pace));
            }));

        Immediate<T> Shown<T>(string name, Func<T, string> amount, Func<T, double> share, Func<T, int, IEnumerable<string>>? below = null)
        {
            long began = clock.GetTimestamp();
            string shown = Printable.Of(name, LongestName);
            line.Show(new(() => shown, () => shown, 0, began, null));
            return new(p =>
            {
                string Text() => $"{shown}: {amount(p)}";
                line.Show(new(Text, Text, share(p), began, below is null ? null : room => below(p, room)));
            });
        }
    }
}
