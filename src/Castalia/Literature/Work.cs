namespace Castalia.Literature;

/// <summary>How far what stands here of a work has been checked.</summary>
enum Verification
{
    /// <summary>Title and abstract, or the text, were read.</summary>
    Page,
    /// <summary>Title and identifier were seen together in independent public files; what it found was not read in the work itself.</summary>
    Identifier,
    /// <summary>What it found is taken from another's notes.</summary>
    SecondHand,
}

/// <summary>The words for how far a work has been checked.</summary>
static class VerificationWords
{
    static readonly (Verification Verification, string Key, string Words)[] s_words =
    [
        (Verification.Page, "page", "title and abstract were read"),
        (Verification.Identifier, "id", "title and identifier were seen together; the work was not read"),
        (Verification.SecondHand, "second hand", "taken from another's notes"),
    ];

    /// <summary>The words in files.</summary>
    internal static IReadOnlyList<string> Keys { get; } = [.. s_words.Select(entry => entry.Key)];

    /// <summary>As a sentence's part.</summary>
    public static string InWords(this Verification verification) => s_words.Single(entry => entry.Verification == verification).Words;

    /// <summary>In a few words, for lists that say what they mean.</summary>
    public static string Briefly(this Verification verification) => verification switch
    {
        Verification.Page => "Abstract read",
        Verification.Identifier => "Not read",
        _ => "From others' notes",
    };

    /// <summary>Of a word of <see cref="Keys"/>.</summary>
    internal static Verification Of(string key) => s_words.Single(entry => entry.Key == key).Verification;
}

/// <summary>A published work.</summary>
/// <param name="Id">What others refer to it by.</param>
/// <param name="Authors">Authors.</param>
/// <param name="Title">Title.</param>
/// <param name="Year">Year of publication.</param>
/// <param name="Identifier">arXiv number, DOI, or where else it is found.</param>
/// <param name="Found">What it found, in our own words.</param>
/// <param name="Verified">How far that has been checked.</param>
/// <param name="Hypotheses">Ids of the hypotheses that ship and that it speaks to.</param>
/// <param name="IsOfSeries">Whether it is of the study's own series.</param>
/// <param name="Place">File, line and column.</param>
sealed record Work(
    string Id, string Authors, string Title, int Year, string Identifier, string Found, Verification Verified, IReadOnlyList<string> Hypotheses, bool IsOfSeries, string Place)
{
    /// <summary>As it is cited: authors, year, title [identifier].</summary>
    public string Citation => FormattableString.Invariant($"{Authors}, {Year}, {Title} [{Identifier}]");
}
