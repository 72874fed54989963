using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli.Progress;

/// <summary>
/// One line of a terminal, and what is known besides in lines below it, that is written over: never as wide as the terminal, so that no line becomes two, and gone at the end.
/// </summary>
/// <param name="terminal">Where it is written.</param>
/// <param name="columns">The terminal's width, asked anew each time, since windows change.</param>
/// <param name="clock">The time.</param>
sealed class TerminalLine(TextWriter terminal, Func<int> columns, TimeProvider clock) : IDisposable
{
    const int BarWidth = 20;
    const string Erased = "\r\e[K", ErasedBelow = "\r\e[J";

    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100), Foresight = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    string[] _shown = [];
    long _last;

    /// <summary>Prints a message, in lines of its own that stay.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            Erase();
            terminal.Write(Wrapped.Lines(message, columns()) + "\n");
            terminal.Flush();
        }
    }

    /// <summary>Shows how far something has come, ten times a second at most.</summary>
    /// <param name="text">What, and how far, in words.</param>
    /// <param name="share">How far, 0 to 1.</param>
    /// <param name="began">When it began.</param>
    /// <param name="below">Further lines, given the room that each has; null for none.</param>
    public void Show(Func<string> text, double share, long began, Func<int, IEnumerable<string>>? below = null)
    {
        lock (_gate)
        {
            if (_shown.Length > 0 && clock.GetElapsedTime(_last) < Quiet) return;
            _last = clock.GetTimestamp();
            int room = columns() - 1;
            string up = Above();
            _shown = [Line(text(), Math.Clamp(share, 0, 1), clock.GetElapsedTime(began), room), .. (below?.Invoke(room) ?? []).Select(line => line.Length <= room ? line : line[..room])];
            terminal.Write(up + string.Join('\n', _shown));
            terminal.Flush();
        }
    }

    /// <summary>Erases it.</summary>
    public void Dispose()
    {
        lock (_gate) Erase();
    }

    /// <summary>The line, of at most <paramref name="room"/> characters: the words give way before the share, and the bar before the words.</summary>
    internal static string Line(string text, double share, TimeSpan elapsed, int room)
    {
        string end = FormattableString.Invariant($" {share * 100,3:0} %");
        if (elapsed > Foresight && share is > 0 and < 1 && elapsed.TotalSeconds * (1 - share) / share is < 360_000 and var left)
            end += FormattableString.Invariant($", {(int)(left / 60)}:{(int)left % 60:00} left");
        int filled = (int)Math.Round(share * BarWidth);
        string bar = " " + new string('━', filled) + new string('─', BarWidth - filled);
        if (text.Length + bar.Length + end.Length > room) bar = "";
        int words = Math.Max(0, room - bar.Length - end.Length);
        string line = (text.Length <= words ? text : words == 0 ? "" : text[..(words - 1)] + "…") + bar + end;
        return line.Length <= room ? line : line[..Math.Max(0, room)];
    }

    void Erase()
    {
        if (_shown.Length == 0) return;
        terminal.Write(Above());
        terminal.Flush();
        _shown = [];
    }

    /// <summary>To the beginning of what is shown, which is erased. In a window that has become narrower a line takes several rows.</summary>
    string Above()
    {
        int wide = Math.Max(1, columns()), rows = _shown.Sum(line => Math.Max(1, (line.Length + wide - 1) / wide));
        return rows <= 1 ? Erased : FormattableString.Invariant($"\e[{rows - 1}A{ErasedBelow}");
    }
}
