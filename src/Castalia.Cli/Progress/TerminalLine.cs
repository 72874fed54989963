using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli.Progress;

/// <summary>How far one of several pieces of work under way at once has come.</summary>
/// <param name="Text">What, and how far, in words.</param>
/// <param name="Brief">The same where several share the terminal.</param>
/// <param name="Share">How far, 0 to 1.</param>
/// <param name="Began">When it began.</param>
/// <param name="Below">Further lines, given the room that each has; shown where it is alone.</param>
readonly record struct Shown(Func<string> Text, Func<string> Brief, double Share, long Began, Func<int, IEnumerable<string>>? Below);

/// <summary>
/// A line of a terminal for each piece of work, and of one that is alone what is known besides in lines below it, that are written over: never as wide as the terminal, so that no line becomes
/// two, and gone at the end.
/// </summary>
/// <param name="terminal">Where it is written.</param>
/// <param name="columns">The terminal's width, asked anew each time, since windows change.</param>
/// <param name="rows">Its height; the same.</param>
/// <param name="clock">The time.</param>
sealed class TerminalLine(TextWriter terminal, Func<int> columns, Func<int> rows, TimeProvider clock) : IDisposable
{
    const int BarWidth = 20;
    const string Erased = "\r\e[K", ErasedBelow = "\r\e[J";

    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100), Foresight = TimeSpan.FromSeconds(2), Stale = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly List<(object? Of, long At, string[] Lines)> _pieces = [];
    string[] _shown = [];

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

    /// <summary>Shows how far something has come, each ten times a second at most.</summary>
    /// <param name="shown">What.</param>
    /// <param name="of">Which of those under way at once, until <see cref="Remove"/>; null for what stands alone, and gives way to the others when nothing more is said of it.</param>
    public void Show(Shown shown, object? of = null)
    {
        lock (_gate)
        {
            int at = _pieces.FindIndex(piece => piece.Of == of);
            if (at >= 0 && _shown.Length > 0 && clock.GetElapsedTime(_pieces[at].At) < Quiet) return;
            if (of is not null) _pieces.RemoveAll(piece => piece.Of is null && clock.GetElapsedTime(piece.At) > Stale);
            at = _pieces.FindIndex(piece => piece.Of == of);
            bool isAlone = _pieces.Count == (at < 0 ? 0 : 1);
            int room = columns() - 1;
            string line = Line((isAlone ? shown.Text : shown.Brief)(), Math.Clamp(shown.Share, 0, 1), clock.GetElapsedTime(shown.Began), room);
            string[] lines = [line, .. (isAlone ? shown.Below?.Invoke(room) ?? [] : []).Select(more => more.Length <= room ? more : more[..room])];
            if (at < 0) _pieces.Add((of, clock.GetTimestamp(), lines));
            else _pieces[at] = (of, clock.GetTimestamp(), lines);
            Draw();
        }
    }

    /// <summary>Takes the line of a piece of work away.</summary>
    public void Remove(object of)
    {
        lock (_gate)
            if (_pieces.RemoveAll(piece => piece.Of == of) > 0) Draw();
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

    /// <summary>Writes over what is shown: one line each of several, as many as there is height for.</summary>
    void Draw()
    {
        string up = Above();
        _shown = _pieces.Count == 1 ? _pieces[0].Lines : [.. _pieces.Take(Math.Max(1, rows() - 1)).Select(piece => piece.Lines[0])];
        terminal.Write(up + string.Join('\n', _shown));
        terminal.Flush();
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
        int wide = Math.Max(1, columns()), taken = _shown.Sum(line => Math.Max(1, (line.Length + wide - 1) / wide));
        return taken <= 1 ? Erased : FormattableString.Invariant($"\e[{taken - 1}A{ErasedBelow}");
    }
}
