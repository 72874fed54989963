using System.Text;

namespace Castalia.Tokens;

/// <summary>The normalisers of huggingface/tokenizers that are more than a form of UAX #15.</summary>
static class Normalizers
{
    static readonly CodeSet Spaces = new(CodeClasses.IsSpace);

    /// <summary>A change in which each character keeps its place.</summary>
    public static TextChange Each(Func<string, string> change) => text => text.Through(change);

    /// <summary>Puts a text before another that is not empty.</summary>
    public static TextChange Prepend(string prefix) => text =>
    {
        if (text.Text.Length == 0) return text;
        long length = (long)prefix.Length + text.Text.Length;
        if (length > text.Most) throw TokenizerErrors.TextGrows(length, text.Most);
        return text with { Text = prefix + text.Text, AtStart = text.AtStart == 0 ? 0 : prefix.Length + text.AtStart };
    };

    /// <summary>Puts a text in the place of each match.</summary>
    public static TextChange Replace(Pattern pattern, string content) => text =>
    {
        string replaced = pattern.Replace(text.Text, content, text.Most, out var matches);
        return matches.Count == 0 ? text : text with { Text = replaced, AtStart = AtStart(text.AtStart, matches, content.Length) };
    };

    /// <summary>How many of the first characters stand at the text's beginning once matches are replaced.</summary>
    /// <remarks>In the reference what is put in has the place of the last character that it replaces.</remarks>
    /// <param name="before">How many did before.</param>
    /// <param name="matches">The matches.</param>
    /// <param name="content">The length of what is put in the place of each.</param>
    public static int AtStart(int before, List<(int Start, int End)> matches, int content)
    {
        int atStart = 0, from = 0;
        foreach (var (start, end) in matches)
        {
            if (start > before) break;
            atStart += start - from;
            from = end;
            if (content == 0) continue;
            if (end > before) return atStart;
            atStart += content;
        }
        return atStart + Math.Max(0, before - from);
    }

    /// <summary>Takes white space off the ends.</summary>
    public static TextChange Strip(bool left, bool right) => text =>
    {
        int start = 0, end = text.Text.Length; // white space lies below U+10000
        while (left && start < end && Spaces.Contains(text.Text[start])) start++;
        while (right && end > start && Spaces.Contains(text.Text[end - 1])) end--;
        return text with { Text = text.Text[start..end], AtStart = Math.Clamp(text.AtStart - start, 0, end - start) };
    };

    /// <summary>Lower case, code point by code point.</summary>
    public static string Lowercase(string text) => Map(text, static (rune, to) =>
    {
        if (rune.Value == 0x130) to.Append("i\u0307"); // the one letter whose lower case is two
        else to.Append(Rune.ToLowerInvariant(rune));
    });

    /// <summary>Leaves out combining marks.</summary>
    public static string StripAccents(string text) => Map(text, static (rune, to) =>
    {
        if (CodeClasses.Category(rune.Value)[0] != 'M') to.Append(rune);
    });

    /// <summary>Leaves out controls and makes odd white space a space.</summary>
    public static string Nmt(string text) => Map(text, static (rune, to) =>
    {
        switch (rune.Value)
        {
            case (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                break;
            case 0x9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                to.Append(' ');
                break;
            default:
                to.Append(rune);
                break;
        }
    });

    static string Map(string text, Action<Rune, RuneBuilder> map)
    {
        var to = new RuneBuilder();
        foreach (var rune in text.EnumerateRunes()) map(rune, to);
        return to.ToString();
    }

    sealed class RuneBuilder
    {
        readonly StringBuilder _text = new();

        public void Append(char c) => _text.Append(c);

        public void Append(string text) => _text.Append(text);

        public void Append(Rune rune)
        {
            Span<char> units = stackalloc char[2];
            _text.Append(units[..rune.EncodeToUtf16(units)]);
        }

        public override string ToString() => _text.ToString();
    }
}
