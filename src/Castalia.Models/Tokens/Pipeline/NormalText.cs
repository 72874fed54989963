using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>A text on its way through the normalisers.</summary>
/// <param name="Text">It.</param>
/// <param name="AtStart">
/// How many of its first characters stand, as the reference counts places, where the whole text began: the first one as a rule; none once it
/// is gone; more where text was put before or in its place. Metaspace's scheme <c>first</c> goes by it.
/// </param>
/// <param name="Most">The most characters it may have: rules of a file can make a text grow without end.</param>
readonly record struct NormalText(string Text, int AtStart, int Most)
{
    const int GrowthAtMost = 64, AnyTextMayHave = 1 << 16;

    /// <summary>How much texts of so many characters may become; more than any real tokenizer makes of them.</summary>
    public static int MostOf(long characters) => (int)Math.Min(Array.MaxLength / 2, GrowthAtMost * characters + AnyTextMayHave);

    /// <summary>The text after a change in which each character keeps its place.</summary>
    /// <exception cref="InputException">It has grown beyond measure.</exception>
    public NormalText Through(Func<string, string> change)
    {
        string text = change(Text);
        if (ReferenceEquals(text, Text)) return this;
        if (text.Length > Most) throw TokenizerErrors.TextGrows(text.Length, Most);
        int atStart = AtStart == 0 ? 0 : AtStart == Text.Length ? text.Length : change(Text[..AtStart]).Length;
        return this with { Text = text, AtStart = Math.Min(atStart, text.Length) };
    }
}

/// <summary>One step of normalising.</summary>
delegate NormalText TextChange(NormalText text);
