using System.Text;

namespace Castalia.Tokens;

/// <summary>The pre-tokenizers of huggingface/tokenizers.</summary>
static class PieceCutters
{
    /// <summary>GPT-2's pattern.</summary>
    public static readonly Pattern Gpt2 =
        Pattern.Regex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    /// <summary>Spells text as bytes, after GPT-2's pattern where asked for.</summary>
    public static PieceCutter ByteLevel(bool addPrefixSpace, bool useRegex) => (piece, into) =>
    {
        if (addPrefixSpace && !piece.Text.StartsWith(' ')) piece = new(" " + piece.Text, piece.IsFirst ? 1 + piece.AtStart : 0);
        string text = piece.Text;
        if (!useRegex)
        {
            into.Add(Spelt(piece));
            return;
        }
        foreach (var (start, end) in Gpt2.Matches(text)) // which leave nothing between them
            into.Add(start < piece.AtStart ? Spelt(piece.Slice(start, end)) : new Piece(ByteAlphabet.Spell(text.AsSpan(start, end - start)), 0));
    };

    static Piece Spelt(Piece piece) => new(ByteAlphabet.Spell(piece.Text), piece.IsFirst ? ByteAlphabet.Spell(piece.Text.AsSpan(0, piece.AtStart)).Length : 0);

    /// <summary>Cuts at what a pattern matches.</summary>
    public static PieceCutter Split(Pattern pattern, SplitBehavior behavior, bool inverted = false) =>
        (piece, into) => Splitting.Cut(piece, pattern.Matches(piece.Text), behavior, inverted, into);

    /// <summary>Cuts at every code point of a kind.</summary>
    public static PieceCutter At(Func<int, bool> kind, SplitBehavior behavior)
    {
        var set = new CodeSet(kind);
        return (piece, into) =>
        {
            var matches = new List<(int, int)>();
            for (int at = 0; at < piece.Text.Length;)
            {
                var rune = Rune.GetRuneAt(piece.Text, at);
                int next = at + rune.Utf16SequenceLength;
                if (set.Contains(rune.Value)) matches.Add((at, next));
                at = next;
            }
            Splitting.Cut(piece, matches, behavior, inverted: false, into);
        };
    }

    /// <summary>Words and runs of what is neither word nor white space; white space is left out.</summary>
    public static PieceCutter Whitespace()
    {
        CodeSet words = new(CodeClasses.IsWord), spaces = new(CodeClasses.IsSpace);
        return (piece, into) =>
        {
            int start = 0, kind = 0; // 0 white space, 1 word, 2 other
            for (int at = 0; at < piece.Text.Length;)
            {
                var rune = Rune.GetRuneAt(piece.Text, at);
                int here = words.Contains(rune.Value) ? 1 : spaces.Contains(rune.Value) ? 0 : 2;
                if (here != kind)
                {
                    if (kind != 0) into.Add(piece.Slice(start, at));
                    (start, kind) = (at, here);
                }
                at += rune.Utf16SequenceLength;
            }
            if (kind != 0) into.Add(piece.Slice(start, piece.Text.Length));
        };
    }

    /// <summary>White space cut away, then every punctuation mark by itself.</summary>
    public static PieceCutter Bert() => InTurn([At(CodeClasses.IsSpace, SplitBehavior.Removed), At(CodeClasses.IsPunctuation, SplitBehavior.Isolated)]);

    /// <summary>So many code points to a piece.</summary>
    public static PieceCutter FixedLength(int length) => (piece, into) =>
    {
        int start = 0, count = 0;
        for (int at = 0; at < piece.Text.Length;)
        {
            at += Rune.GetRuneAt(piece.Text, at).Utf16SequenceLength;
            if (++count < length) continue;
            into.Add(piece.Slice(start, at));
            (start, count) = (at, 0);
        }
        if (start < piece.Text.Length) into.Add(piece.Slice(start, piece.Text.Length));
    };

    /// <summary>Spaces become the replacement; one is put before the text as the scheme says; cut before each where asked for.</summary>
    public static PieceCutter Metaspace(string replacement, PrependScheme scheme, bool split)
    {
        var pattern = Pattern.Literal(replacement);
        return (piece, into) =>
        {
            string text = piece.Text.Replace(" ", replacement, StringComparison.Ordinal);
            // As in the normaliser Replace, a replacement has the place of the space.
            int atStart = piece.AtStart == 0 ? 0 : piece.Text[..piece.AtStart].Replace(" ", replacement, StringComparison.Ordinal).Length;
            bool prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.IsFirst);
            if (prepends && !text.StartsWith(replacement, StringComparison.Ordinal))
                (text, atStart) = (replacement + text, atStart > 0 ? atStart + replacement.Length : 0);
            piece = new(text, atStart);
            if (split) Splitting.Cut(piece, pattern.Matches(text), SplitBehavior.MergedWithNext, inverted: false, into);
            else into.Add(piece);
        };
    }

    /// <summary>Each on what the one before left.</summary>
    public static PieceCutter InTurn(IReadOnlyList<PieceCutter> cutters) => (piece, into) =>
    {
        List<Piece> pieces = [piece];
        foreach (var cutter in cutters)
        {
            var next = new List<Piece>(pieces.Count);
            foreach (var one in pieces) cutter(one, next);
            pieces = next;
        }
        into.AddRange(pieces);
    };
}

/// <summary>Where Metaspace puts a replacement before a text.</summary>
enum PrependScheme
{
    /// <summary>Before the whole text only.</summary>
    First,
    /// <summary>Before each stretch between added tokens.</summary>
    Always,
    /// <summary>Nowhere.</summary>
    Never,
}
