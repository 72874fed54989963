namespace Castalia.Tokens;

/// <summary>A stretch of text on its way to the model.</summary>
/// <param name="Text">It.</param>
/// <param name="AtStart">How many of its first characters stand where the whole text began; see <see cref="NormalText"/>.</param>
readonly record struct Piece(string Text, int AtStart)
{
    /// <summary>A whole text.</summary>
    public Piece(string whole)
        : this(whole, whole.Length == 0 ? 0 : char.IsHighSurrogate(whole[0]) ? 2 : 1)
    {
    }

    /// <summary>It begins where the whole text begins.</summary>
    public bool IsFirst => AtStart > 0;

    /// <summary>A part of it.</summary>
    public Piece Slice(int start, int end) =>
        start == 0 && end == Text.Length ? this : new(Text[start..end], Math.Clamp(AtStart - start, 0, end - start));
}

/// <summary>Cuts a piece into smaller ones (or changes it), in order; empty ones are left out.</summary>
delegate void PieceCutter(Piece piece, List<Piece> into);

/// <summary>What becomes of the matches a text is cut at.</summary>
enum SplitBehavior
{
    /// <summary>They are left out.</summary>
    Removed,
    /// <summary>Each is a piece.</summary>
    Isolated,
    /// <summary>Each joins the piece before it.</summary>
    MergedWithPrevious,
    /// <summary>Each joins the piece behind it.</summary>
    MergedWithNext,
    /// <summary>Neighbours are one piece.</summary>
    Contiguous,
}

/// <summary>Cutting at matches.</summary>
static class Splitting
{
    /// <summary>Cuts a piece at what a pattern matches.</summary>
    /// <param name="piece">What is cut.</param>
    /// <param name="matches">Where the matches are, in order.</param>
    /// <param name="behavior">What becomes of them.</param>
    /// <param name="inverted">Matches are what the pattern does not match.</param>
    /// <param name="into">Where the pieces go.</param>
    public static void Cut(Piece piece, List<(int Start, int End)> matches, SplitBehavior behavior, bool inverted, List<Piece> into)
    {
        if (behavior == SplitBehavior.Isolated || matches.Count == 0)
        {
            CutOut(piece, matches, behavior == SplitBehavior.Removed && inverted, into);
            return;
        }
        var parts = Parts(piece.Text.Length, matches, inverted);
        foreach (var (start, end) in behavior switch
        {
            SplitBehavior.Removed => parts.Where(p => !p.Match).Select(p => (p.Start, p.End)),
            SplitBehavior.Contiguous => Joined(parts, (before, match) => before == match),
            SplitBehavior.MergedWithPrevious => Joined(parts, (before, match) => match && !before),
            _ => JoinedWithNext(parts),
        })
            if (end > start) into.Add(piece.Slice(start, end));
    }

    static void CutOut(Piece piece, List<(int Start, int End)> matches, bool removeRest, List<Piece> into)
    {
        int from = 0;
        foreach (var (start, end) in matches)
        {
            if (start > from) into.Add(piece.Slice(from, start));
            if (end > start) into.Add(piece.Slice(start, end));
            from = end;
        }
        if (from < piece.Text.Length && !removeRest) into.Add(piece.Slice(from, piece.Text.Length));
    }

    static List<(int Start, int End, bool Match)> Parts(int length, List<(int Start, int End)> matches, bool inverted)
    {
        var parts = new List<(int, int, bool)>(2 * matches.Count + 1);
        int from = 0;
        foreach (var (start, end) in matches)
        {
            if (start > from) parts.Add((from, start, inverted));
            parts.Add((start, end, !inverted));
            from = end;
        }
        if (from < length) parts.Add((from, length, inverted));
        return parts;
    }

    static List<(int Start, int End)> Joined(List<(int Start, int End, bool Match)> parts, Func<bool, bool, bool> joins)
    {
        var joined = new List<(int Start, int End)>();
        bool before = false;
        foreach (var (start, end, match) in parts)
        {
            if (joined.Count > 0 && joins(before, match)) joined[^1] = (joined[^1].Start, end);
            else joined.Add((start, end));
            before = match;
        }
        return joined;
    }

    static List<(int Start, int End)> JoinedWithNext(List<(int Start, int End, bool Match)> parts)
    {
        var joined = new List<(int Start, int End)>();
        bool behind = false;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            var (start, end, match) = parts[i];
            if (joined.Count > 0 && match && !behind) joined[^1] = (start, joined[^1].End);
            else joined.Add((start, end));
            behind = match;
        }
        joined.Reverse();
        return joined;
    }
}
