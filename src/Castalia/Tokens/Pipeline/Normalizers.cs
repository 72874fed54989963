using System.Text;

namespace Castalia.Tokens;

/// <summary>The normalisers of huggingface/tokenizers that are more than a form of UAX #15.</summary>
static class Normalizers
{
    static readonly CodeSet Spaces = new(CodeClasses.IsSpace);

    /// <summary>Puts a text before another that is not empty.</summary>
    public static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    /// <summary>Puts a text in the place of each match.</summary>
    public static Func<string, string> Replace(Pattern pattern, string content) => text =>
    {
        var matches = pattern.Matches(text);
        if (matches.Count == 0) return text;
        var replaced = new StringBuilder(text.Length);
        int from = 0;
        foreach (var (start, end) in matches)
        {
            replaced.Append(text, from, start - from).Append(content);
            from = end;
        }
        return replaced.Append(text, from, text.Length - from).ToString();
    };

    /// <summary>Takes white space off the ends.</summary>
    public static Func<string, string> Strip(bool left, bool right) => text =>
    {
        int start = 0, end = text.Length; // white space lies below U+10000
        while (left && start < end && Spaces.Contains(text[start])) start++;
        while (right && end > start && Spaces.Contains(text[end - 1])) end--;
        return text[start..end];
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
