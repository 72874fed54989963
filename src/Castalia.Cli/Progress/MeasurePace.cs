using Castalia.Forward;
using Castalia.Reports.Pages;

namespace Castalia.Cli.Progress;

/// <summary>How fast a measurement goes, and what it has found so far, for a terminal on which it is written over.</summary>
/// <param name="clock">The time.</param>
sealed class MeasurePace(TimeProvider clock)
{
    const int RowsForGains = 14; // of a terminal, below which the drawing would take all of it

    const int Widest = 100;

    long? _began;

    /// <summary>The lines; none before the first block is done.</summary>
    /// <param name="done">How far it has come.</param>
    /// <param name="room">Columns.</param>
    /// <param name="rows">Rows of the terminal.</param>
    public IReadOnlyList<string> Lines(MeasureProgress done, int room, int rows)
    {
        _began ??= clock.GetTimestamp();
        double seconds = clock.GetElapsedTime(_began.Value).TotalSeconds;
        if (done.Tokens == 0 || done.Block == 0 || seconds <= 0) return [];
        double tokens = done.Tokens * (double)done.Block / done.Blocks;
        List<string> lines = [FormattableString.Invariant($"  {tokens / seconds:#,0} tokens/s, {done.Operations / 1e9 / seconds:0.0} GFLOP/s, {done.Bytes / 1e6 / seconds:#,0} MB/s of weights")];
        if (done.Gains is not { Count: > 0 } gains || rows < RowsForGains) return lines;
        lines.Add("  Gain of every block so far, last token, mean over prompts");
        double?[] values = [.. Enumerable.Range(0, done.Blocks).Select(block => block < gains.Count && double.IsFinite(gains[block]) ? gains[block] : (double?)null)];
        lines.AddRange(DepthChart.Of(values, Math.Min(room, Widest)).TrimEnd('\n').Split('\n'));
        return lines;
    }
}
