using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli.Progress;

/// <summary>One line of a terminal that is written over: never as wide as the terminal, so that it never becomes two, and gone at the end.</summary>
/// <param name="terminal">Where it is written.</param>
/// <param name="columns">The terminal's width, asked anew each time, since windows change.</param>
/// <param name="clock">The time.</param>
sealed class TerminalLine(TextWriter terminal, Func<int> columns, TimeProvider clock) : IDisposable
{
    const int BarWidth = 20;
    const string Erased = "\r\e[K";

    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100), Foresight = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    bool _isShown;
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
    public void Show(Func<string> text, double share, long began)
    {
        lock (_gate)
        {
            if (_isShown && clock.GetElapsedTime(_last) < Quiet) return;
            _last = clock.GetTimestamp();
            _isShown = true;
            terminal.Write(Erased + Line(text(), Math.Clamp(share, 0, 1), clock.GetElapsedTime(began), columns() - 1));
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
        if (!_isShown) return;
        terminal.Write(Erased);
        terminal.Flush();
        _isShown = false;
    }
}
