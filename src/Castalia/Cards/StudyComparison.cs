using Castalia.Errors;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Cards;

/// <summary>How what the study says of a field stands to what is so.</summary>
enum StudyVerdict
{
    /// <summary>It is so.</summary>
    Right,
    /// <summary>A part of it is so, or it was left open where it can be known.</summary>
    Partly,
    /// <summary>It is not so.</summary>
    Wrong,
    /// <summary>The study does not speak of it.</summary>
    NotStated,
}

/// <summary>One line of the study's comparison of Pythia-6.9B and GPT-J-6B, beside what is so.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Field">The cards' field of it, whose values are the right ones; null where it is nothing of a card.</param>
/// <param name="Study">What the study or its author's notes say; null where they do not speak of it.</param>
/// <param name="Right">What is so.</param>
/// <param name="Verdict">How the two stand to each other.</param>
/// <param name="Wrong">What was wrong, or left out; null where nothing was.</param>
/// <param name="Sources">Where both are from.</param>
/// <param name="Literature">Ids of works in the bibliography.</param>
/// <param name="Place">File, line and column.</param>
sealed record StudyComparisonLine(
    string What, CardField? Field, string? Study, string Right, StudyVerdict Verdict, string? Wrong, IReadOnlyList<string> Sources, IReadOnlyList<string> Literature, string Place);

/// <summary>The words for verdicts.</summary>
static class StudyVerdictWords
{
    /// <summary>As files and tables have it.</summary>
    public static string Word(this StudyVerdict verdict) => verdict == StudyVerdict.NotStated ? "not stated" : verdict.ToString().ToLowerInvariant();
}

/// <summary>The study's comparison of Pythia-6.9B and GPT-J-6B, line by line.</summary>
static class StudyComparison
{
    /// <summary>The two models, by their cards.</summary>
    public static IReadOnlyList<string> Models { get; } = ["pythia-6.9b", "gpt-j-6b"];

    internal static readonly YamlFormat Format = new("comparison", "a", "docs/cards.md");

    static readonly string[] s_keys = ["what", "field", "study", "right", "verdict", "wrong", "sources", "literature"];

    static readonly Lazy<IReadOnlyList<StudyComparisonLine>> s_lines = new(() => Read(Embedded.Source("Remarks/study-comparison", Format)));

    /// <summary>The lines, in the file's order.</summary>
    public static IReadOnlyList<StudyComparisonLine> Lines => s_lines.Value;

    /// <summary>Lines from their file.</summary>
    /// <exception cref="InputException">An unknown or missing key, a field that is none, with file, line and column.</exception>
    internal static IReadOnlyList<StudyComparisonLine> Read(SourceText source) => [.. YamlMap.List(source, "a line of the comparison", s_keys).Select(Line)];

    static StudyComparisonLine Line(YamlMap entry)
    {
        if (!entry.Has("sources")) throw entry.Missing("sources");
        var verdict = entry.Word("verdict", ["right", "partly", "wrong", "not stated"]) switch
        {
            "right" => StudyVerdict.Right,
            "partly" => StudyVerdict.Partly,
            "wrong" => StudyVerdict.Wrong,
            _ => StudyVerdict.NotStated,
        };
        bool isFaulty = verdict is StudyVerdict.Partly or StudyVerdict.Wrong;
        if (isFaulty && !entry.Has("wrong")) throw entry.Missing("wrong");
        if (verdict != StudyVerdict.NotStated && !entry.Has("study")) throw entry.Missing("study");
        var key = entry.OptionalText("field");
        var field = key is null ? null : CardFields.Find(key.Value) ?? throw CardErrors.NoSuchField(key.Place, key.Value, Nearest.Of(key.Value, CardFields.All.Select(f => f.Key)));
        string? Text(string name) => entry.OptionalText(name) is { } text ? Prose.Line(text) : null;
        return new(
            Prose.Line(entry.Text("what")), field, Text("study"), Prose.Line(entry.Text("right")), verdict, Text("wrong"),
            [.. entry.Texts("sources").Select(Prose.Line)], [.. entry.Texts("literature").Select(text => text.Value)], entry.Place);
    }
}
