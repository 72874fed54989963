using System.Buffers;
using System.Globalization;
using System.Text;

namespace Castalia.Errors;

/// <summary>Text from files and servers, made fit for a terminal: nothing in it moves the cursor, colours, turns the line round or fills the screen.</summary>
static class Printable
{
    // What most texts are made of, looked through at once; whatever else there is is looked at one by one.
    static readonly SearchValues<char> Harmless = SearchValues.Create([.. Enumerable.Range(' ', 95).Select(c => (char)c), '\n']);

    /// <summary>The text with control characters, direction marks, line ends and halves of surrogate pairs written as escapes, <c>\u001b</c>.</summary>
    public static string Of(string text)
    {
        int first = 0;
        while (first < text.Length && IsPlain(text, first)) first++;
        if (first == text.Length) return text;
        var plain = new StringBuilder(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            if (IsPlain(text, i)) plain.Append(text[i]);
            else plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }
        return plain.ToString();
    }

    /// <summary>The same of several lines, whose ends stay.</summary>
    public static string Lines(string text) => text.AsSpan().ContainsAnyExcept(Harmless) ? string.Join('\n', text.Split('\n').Select(line => Of(line))) : text;

    /// <summary>The same, at most so long: of longer text the beginning and the end, with … for what is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters, at least 3.</param>
    public static string Of(string text, int most)
    {
        // Escapes only lengthen: what is cut here would be cut afterwards.
        if (text.Length > 2 * most) text = string.Concat(text.AsSpan(0, most), text.AsSpan(text.Length - most));
        string plain = Of(text);
        if (plain.Length <= most) return plain;
        int end = (most - 1) / 3, start = most - 1 - end;
        if (char.IsHighSurrogate(plain[start - 1])) start--;
        if (end > 0 && char.IsLowSurrogate(plain[^end])) end--;
        return string.Concat(plain.AsSpan(0, start), "…", plain.AsSpan(plain.Length - end));
    }

    static bool IsPlain(string text, int i)
    {
        char c = text[i];
        if (char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u061c')
            return false;
        if (char.IsHighSurrogate(c)) return i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
        return !char.IsLowSurrogate(c) || (i > 0 && char.IsHighSurrogate(text[i - 1]));
    }
}
