using System.Runtime.CompilerServices;
using System.Text;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The normalizer_spec of a SentencePiece model.</summary>
sealed record SentencePieceNormalizer
{
    const char Space = '\u2581';

    /// <summary>A space is put before the text.</summary>
    public required bool AddDummyPrefix { get; init; }

    /// <summary>Spaces at the ends go, and of several together all but one.</summary>
    public required bool RemoveExtraWhitespaces { get; init; }

    /// <summary>Spaces are spelt ▁.</summary>
    public required bool EscapeWhitespaces { get; init; }

    /// <summary>Replacements such as those of nmt_nfkc; null for the identity.</summary>
    public required Charsmap? Charsmap { get; init; }

    /// <summary>The dummy space goes behind the text.</summary>
    public bool SpaceAsSuffix { get; init; }

    /// <summary>The text as the pieces spell it. User-defined pieces stay as they are.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="most">The most characters it may become.</param>
    /// <exception cref="InputException">It would have more.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Normalize(string text, SentencePieceVocabulary pieces, int most)
    {
        int at = 0;
        while (RemoveExtraWhitespaces && at < text.Length && Prefix(text, at, pieces, out int length) is " ") at += length;
        if (at == text.Length) return "";
        char space = EscapeWhitespaces ? Space : ' ';
        var normalized = new StringBuilder(text.Length + 16);
        if (AddDummyPrefix && !SpaceAsSuffix) normalized.Append(space);
        bool afterSpace = RemoveExtraWhitespaces;
        while (at < text.Length)
        {
            var part = Prefix(text, at, pieces, out int length).AsSpan();
            if (afterSpace) part = part.TrimStart(' ');
            if (part.Length > 0)
            {
                foreach (char c in part) normalized.Append(c == ' ' ? space : c);
                if (normalized.Length > most) throw TokenizerErrors.TextGrows(normalized.Length, most);
                afterSpace = RemoveExtraWhitespaces && part[^1] == ' ';
            }
            at += length;
        }
        while (RemoveExtraWhitespaces && normalized.Length > 0 && normalized[^1] == space) normalized.Length--;
        if (AddDummyPrefix && SpaceAsSuffix) normalized.Append(space);
        return normalized.ToString();
    }

    /// <summary>What the next part of the text becomes, and its length there.</summary>
    string Prefix(string text, int at, SentencePieceVocabulary pieces, out int length)
    {
        var rest = text.AsSpan(at);
        length = pieces.UserDefinedPrefix(rest);
        if (length > 0) return rest[..length].ToString();
        if (Charsmap?.Longest(rest, out length) is { } replacement) return replacement;
        length = char.IsHighSurrogate(rest[0]) ? 2 : 1;
        return length == 1 && rest[0] < Ascii.Length ? Ascii[rest[0]] : rest[..length].ToString();
    }

    static readonly string[] Ascii = [.. Enumerable.Range(0, 0x80).Select(c => $"{(char)c}")];
}
