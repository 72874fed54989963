namespace Castalia.Cards;

/// <summary>How a value on a card is known.</summary>
enum Certainty
{
    /// <summary>Its makers say so, in a paper, a readme or a model card.</summary>
    Published,
    /// <summary>Read in the code or the configuration that trained or loads the model.</summary>
    FromCode,
    /// <summary>It follows by arithmetic from other values.</summary>
    Computed,
    /// <summary>It is not known, or what is said of it contradicts itself; there is no value.</summary>
    Unknown,
}

/// <summary>The words for certainties, in files and tables.</summary>
static class CertaintyWords
{
    static readonly (Certainty Certainty, string Word)[] s_words =
    [
        (Certainty.Published, "published"), (Certainty.FromCode, "from code"), (Certainty.Computed, "computed"), (Certainty.Unknown, "unknown"),
    ];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_words.Select(pair => pair.Word)];

    /// <summary>The word for a certainty.</summary>
    public static string Word(this Certainty certainty) => s_words.Single(pair => pair.Certainty == certainty).Word;

    /// <summary>The certainty of a word, one of <see cref="All"/>.</summary>
    internal static Certainty Of(string word) => s_words.Single(pair => pair.Word == word).Certainty;
}
