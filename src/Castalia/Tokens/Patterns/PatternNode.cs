namespace Castalia.Tokens;

/// <summary>What a pattern is made of.</summary>
abstract record PatternNode
{
    /// <summary>One code point of a set.</summary>
    public sealed record One(CodeSet Set) : PatternNode;

    /// <summary>One part after another.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>The first of several that leads to a match.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <summary>A part again and again.</summary>
    /// <param name="Body">The part.</param>
    /// <param name="Least">At least so often.</param>
    /// <param name="Most">At most so often; <see cref="int.MaxValue"/> for no bound.</param>
    /// <param name="Greed">Which count is tried first.</param>
    public sealed record Repeat(PatternNode Body, int Least, int Most, Greed Greed) : PatternNode;

    /// <summary>What must (not) stand ahead or behind; takes nothing.</summary>
    public sealed record Look(PatternNode Body, bool Behind, bool Negated) : PatternNode;

    /// <summary>A part whose first way to match is the only one.</summary>
    public sealed record Atomic(PatternNode Body) : PatternNode;

    /// <summary>A place; takes nothing.</summary>
    public sealed record At(Place Place) : PatternNode;

    /// <summary>How many code points it can take at the least and the most.</summary>
    public (int Least, long Most) Width => this switch
    {
        One => (1, 1),
        Sequence s => (s.Parts.Sum(p => p.Width.Least), s.Parts.Sum(p => p.Width.Most)),
        Choice c => (c.Branches.Min(b => b.Width.Least), c.Branches.Max(b => b.Width.Most)),
        Repeat r => (r.Body.Width.Least * r.Least, r.Most == int.MaxValue ? int.MaxValue : r.Body.Width.Most * r.Most),
        Atomic a => a.Body.Width,
        _ => (0, 0),
    };
}

/// <summary>Which count of a repetition is tried first.</summary>
enum Greed
{
    /// <summary>The largest, then fewer.</summary>
    Greedy,
    /// <summary>The smallest, then more.</summary>
    Lazy,
    /// <summary>The largest, and no other.</summary>
    Possessive,
}

/// <summary>Places a pattern can ask for.</summary>
enum Place
{
    /// <summary><c>^</c>: the text's or a line's beginning.</summary>
    LineStart,
    /// <summary><c>$</c>: the text's or a line's end.</summary>
    LineEnd,
    /// <summary><c>\A</c>.</summary>
    TextStart,
    /// <summary><c>\z</c>.</summary>
    TextEnd,
    /// <summary><c>\Z</c>: the end, or before a last line feed.</summary>
    LastLineEnd,
    /// <summary><c>\b</c>.</summary>
    WordEdge,
    /// <summary><c>\B</c>.</summary>
    NoWordEdge,
}
