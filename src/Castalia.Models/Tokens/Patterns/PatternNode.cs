namespace Castalia.Tokens;

/// <summary>What a pattern is made of.</summary>
abstract record PatternNode
{
    const long MostWidth = int.MaxValue; // stands for all from there on

    PatternNode((long Least, long Most) width) => Width = (Math.Min(width.Least, MostWidth), Math.Min(width.Most, MostWidth));

    /// <summary>How many code points it can take at the least and the most.</summary>
    /// <remarks>Worked out once, from the parts' own: asking each part twice would double the work with each level.</remarks>
    public (long Least, long Most) Width { get; }

    /// <summary>One code point of a set.</summary>
    public sealed record One(CodeSet Set) : PatternNode((1, 1));

    /// <summary>One part after another.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts)
        : PatternNode((Parts.Sum(p => p.Width.Least), Parts.Sum(p => p.Width.Most)));

    /// <summary>The first of several that leads to a match.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Branches)
        : PatternNode((Branches.Min(b => b.Width.Least), Branches.Max(b => b.Width.Most)));

    /// <summary>A part again and again.</summary>
    /// <param name="Body">The part.</param>
    /// <param name="Least">At least so often.</param>
    /// <param name="Most">At most so often; <see cref="int.MaxValue"/> for no bound.</param>
    /// <param name="Greed">Which count is tried first.</param>
    public sealed record Repeat(PatternNode Body, int Least, int Most, Greed Greed)
        : PatternNode((Body.Width.Least * Least, Most == int.MaxValue ? MostWidth : Body.Width.Most * Most));

    /// <summary>What must (not) stand ahead or behind; takes nothing.</summary>
    public sealed record Look(PatternNode Body, bool Behind, bool Negated) : PatternNode((0, 0));

    /// <summary>A part whose first way to match is the only one.</summary>
    public sealed record Atomic(PatternNode Body) : PatternNode(Body.Width);

    /// <summary>A place; takes nothing.</summary>
    public sealed record At(Place Place) : PatternNode((0, 0));
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
