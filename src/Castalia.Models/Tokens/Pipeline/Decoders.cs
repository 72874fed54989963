using System.Globalization;
using System.Text;

namespace Castalia.Tokens;

/// <summary>One step from tokens back to text: tokens in, texts out.</summary>
delegate List<string> DecodeStep(List<string> tokens);

/// <summary>The decoders of huggingface/tokenizers.</summary>
static class Decoders
{
    /// <summary>Byte spellings to text; bytes that are no UTF-8 become U+FFFD.</summary>
    public static List<string> ByteLevel(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens) ByteAlphabet.Add(token, bytes);
        return [Encoding.UTF8.GetString([.. bytes])];
    }

    /// <summary>Runs of <c>&lt;0xAB&gt;</c> to the text of their bytes; a run that is no UTF-8 to U+FFFD, one for each byte.</summary>
    public static List<string> ByteFallback(List<string> tokens)
    {
        var texts = new List<string>();
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            if (ByteToken.TryRead(token, out byte value))
            {
                bytes.Add(value);
                continue;
            }
            Flush();
            texts.Add(token);
        }
        Flush();
        return texts;

        void Flush()
        {
            if (bytes.Count == 0) return;
            byte[] run = [.. bytes];
            if (System.Text.Unicode.Utf8.IsValid(run)) texts.Add(Encoding.UTF8.GetString(run));
            else texts.AddRange(Enumerable.Repeat("\uFFFD", run.Length));
            bytes.Clear();
        }
    }

    /// <summary>All in one.</summary>
    public static List<string> Fuse(List<string> tokens) => [string.Concat(tokens)];

    /// <summary>Puts a text in the place of each match, token by token.</summary>
    public static DecodeStep Replace(Pattern pattern, string content) => tokens =>
    {
        int room = Room(tokens);
        var texts = new List<string>(tokens.Count);
        foreach (string token in tokens)
        {
            texts.Add(pattern.Replace(token, content, room, out _));
            room -= texts[^1].Length;
            if (room < 0) throw TokenizerErrors.TextGrows(texts[^1].Length, texts[^1].Length + room);
        }
        return texts;
    };

    /// <summary>Takes at most so many of a character off the ends of each.</summary>
    public static DecodeStep Strip(string content, int start, int stop) => tokens => [.. tokens.Select(token =>
    {
        int from = 0, to = token.Length;
        for (int i = 0; i < start && string.CompareOrdinal(token, from, content, 0, content.Length) == 0; i++) from += content.Length;
        for (int i = 0; i < stop && to - content.Length >= from && token.AsSpan(from, to - from).EndsWith(content, StringComparison.Ordinal); i++)
            to -= content.Length;
        return token[from..to];
    })];

    /// <summary>Replacements back to spaces; those of the first token away, unless the scheme puts none there.</summary>
    public static DecodeStep Metaspace(string replacement, PrependScheme scheme) => tokens =>
        [.. tokens.Select((token, i) => token.Replace(replacement, i == 0 && scheme != PrependScheme.Never ? "" : " ", StringComparison.Ordinal))];

    /// <summary>Word ends back to spaces, the last one away.</summary>
    public static DecodeStep WordEnds(string suffix) => tokens =>
        [.. tokens.Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];

    /// <summary>Each on what the one before left.</summary>
    public static DecodeStep InTurn(IReadOnlyList<DecodeStep> steps) => tokens =>
    {
        long most = Room(tokens);
        foreach (var step in steps)
        {
            tokens = step(tokens);
            if (Length(tokens) is var length && length > most) throw TokenizerErrors.TextGrows(length, most);
        }
        return tokens;
    };

    static long Length(List<string> tokens) => tokens.Sum(t => (long)t.Length);

    // Rules of a file can make a text grow without end; none of a real tokenizer makes it longer.
    static int Room(List<string> tokens) => (int)Math.Min(Array.MaxLength / 2, (1 << 16) + 8 * Length(tokens));
}

/// <summary>Tokens that stand for a byte, spelt <c>&lt;0xAB&gt;</c>.</summary>
static class ByteToken
{
    /// <summary>The spelling of a byte.</summary>
    public static string Of(byte value) => $"<0x{value:X2}>";

    /// <summary>The byte a token stands for.</summary>
    public static bool TryRead(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' &&
            byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
