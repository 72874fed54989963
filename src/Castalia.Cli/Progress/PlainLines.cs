using Castalia.Forward;

namespace Castalia.Cli.Progress;

/// <summary>Progress for pipes and log files: a line now and then, no control characters.</summary>
static class PlainLines
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>Writes lines to a writer, for one model at most one in five seconds.</summary>
    public static ProgressSink To(TextWriter writer, TimeProvider clock) => new(
        message => writer.WriteLine($"castalia: {message}"),
        name =>
        {
            long last = clock.GetTimestamp();
            writer.WriteLine($"castalia: {name}: measuring");
            return new Immediate<MeasureProgress>(p =>
            {
                if (clock.GetElapsedTime(last) < Quiet) return;
                last = clock.GetTimestamp();
                writer.WriteLine($"castalia: {name}: {Amount.Of(p)}");
            });
        });
}

/// <summary>How far a model has come, in words.</summary>
static class Amount
{
    /// <summary>"block 12 of 30, 40.0 of 95.5 MB"; megabytes of 10⁶ bytes.</summary>
    public static string Of(MeasureProgress p) => FormattableString.Invariant(
        $"block {p.Block} of {p.Blocks}, {p.Bytes / 1e6:0.0} of {p.TotalBytes / 1e6:0.0} MB");
}
