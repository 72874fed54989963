using Castalia.Errors;
using Castalia.Hypotheses;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Literature;

/// <summary>The works that Castalia carries with it.</summary>
static class Bibliography
{
    internal static readonly YamlFormat Format = new("list of works", "a", "docs/cards.md");

    static readonly string[] s_keys = ["id", "authors", "title", "year", "identifier", "found", "verified", "hypotheses", "series"];

    static readonly Lazy<IReadOnlyList<Work>> s_builtIn = new(() => Read(Embedded.Source("Literature/literature", Format), [.. HypothesisFiles.BuiltIn().Select(h => h.Id)]));

    /// <summary>All, in the file's order: by what they speak of.</summary>
    public static IReadOnlyList<Work> BuiltIn => s_builtIn.Value;

    /// <summary>The work of an id.</summary>
    /// <exception cref="InputException">There is none; the nearest is named.</exception>
    public static Work Named(string id) => BuiltIn.FirstOrDefault(work => work.Id == id) ?? throw LiteratureErrors.NoSuchWork(id, Nearest.Of(id, BuiltIn.Select(work => work.Id)));

    /// <summary>The works that speak to a hypothesis.</summary>
    public static IEnumerable<Work> On(string hypothesis) => BuiltIn.Where(work => work.Hypotheses.Contains(hypothesis));

    /// <summary>Works from their file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="hypotheses">Ids that works may speak to.</param>
    /// <exception cref="InputException">An unknown or missing key, an id twice, a hypothesis that is none, with file, line and column.</exception>
    internal static IReadOnlyList<Work> Read(SourceText source, IReadOnlyList<string> hypotheses)
    {
        var works = new List<Work>();
        foreach (var entry in YamlMap.List(source, "a work", s_keys))
        {
            var id = entry.Text("id");
            if (works.Find(work => work.Id == id.Value) is { } other) throw LiteratureErrors.IdTwice(id.Place, id.Value, other.Place);
            works.Add(new(
                id.Value, Prose.Line(entry.Text("authors")), Prose.Line(entry.Text("title")), entry.OptionalCount("year") ?? throw entry.Missing("year"), Prose.Line(entry.Text("identifier")),
                Prose.Line(entry.Text("found")), VerificationWords.Of(entry.Word("verified", VerificationWords.Keys)), [.. Known(entry, hypotheses)],
                entry.Has("series") && entry.Word("series", ["yes", "no"]) == "yes", id.Place));
        }
        return works;
    }

    static IEnumerable<string> Known(YamlMap entry, IReadOnlyList<string> hypotheses)
    {
        foreach (var id in entry.Texts("hypotheses"))
            yield return hypotheses.Contains(id.Value) ? id.Value : throw LiteratureErrors.NoSuchHypothesis(id.Place, id.Value, Nearest.Of(id.Value, hypotheses));
    }
}
