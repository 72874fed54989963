using Castalia.Errors;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Literature;

/// <summary>A pattern of another science that the residual stream may share.</summary>
/// <remarks>An analogy counts only where its quantity foretells what an intervention does to models that it was not fitted to, better than depth, width and weight decay do.</remarks>
/// <param name="Id">What others refer to it by.</param>
/// <param name="Science">The science.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Map">What in a residual stream stands for what in it.</param>
/// <param name="Quantity">What can be measured.</param>
/// <param name="Command">The command that measures it or what it is made of; null where nothing does yet.</param>
/// <param name="FalseIf">What would make the analogy false.</param>
/// <param name="Hypotheses">Ids of the hypotheses it belongs to.</param>
/// <param name="Literature">Ids of works.</param>
/// <param name="Place">File, line and column.</param>
sealed record Analogy(
    string Id, string Science, string Pattern, string Map, string Quantity, string? Command, string FalseIf, IReadOnlyList<string> Hypotheses, IReadOnlyList<string> Literature, string Place);

/// <summary>The analogies that Castalia carries with it.</summary>
static class Analogies
{
    internal static readonly YamlFormat Format = new("list of analogies", "a", "docs/cards.md");

    static readonly string[] s_keys = ["id", "science", "pattern", "map", "quantity", "command", "false_if", "hypotheses", "literature"];

    static readonly Lazy<IReadOnlyList<Analogy>> s_builtIn = new(() => Read(
        Embedded.Source("Literature/analogies", Format), [.. Castalia.Hypotheses.HypothesisFiles.BuiltIn().Select(h => h.Id)], [.. Bibliography.BuiltIn.Select(work => work.Id)]));

    /// <summary>All, in the file's order.</summary>
    public static IReadOnlyList<Analogy> BuiltIn => s_builtIn.Value;

    /// <summary>Analogies from their file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="hypotheses">Ids of hypotheses.</param>
    /// <param name="works">Ids of works.</param>
    /// <exception cref="InputException">An unknown or missing key, an id twice, a reference to nothing, with file, line and column.</exception>
    internal static IReadOnlyList<Analogy> Read(SourceText source, IReadOnlyList<string> hypotheses, IReadOnlyList<string> works)
    {
        var analogies = new List<Analogy>();
        foreach (var entry in YamlMap.List(source, "an analogy", s_keys))
        {
            var id = entry.Text("id");
            if (analogies.Find(analogy => analogy.Id == id.Value) is { } other) throw LiteratureErrors.IdTwice(id.Place, id.Value, other.Place);
            foreach (var hypothesis in entry.Texts("hypotheses").Where(text => !hypotheses.Contains(text.Value)))
                throw LiteratureErrors.NoSuchHypothesis(hypothesis.Place, hypothesis.Value, Nearest.Of(hypothesis.Value, hypotheses));
            foreach (var work in entry.Texts("literature").Where(text => !works.Contains(text.Value)))
                throw LiteratureErrors.UnlistedWork(work.Place, work.Value, Nearest.Of(work.Value, works));
            analogies.Add(new(
                id.Value, Line("science"), Line("pattern"), Line("map"), Line("quantity"), Command(entry.Text("command")), Line("false_if"),
                [.. entry.Texts("hypotheses").Select(text => text.Value)], [.. entry.Texts("literature").Select(text => text.Value)], id.Place));

            string Line(string key) => Prose.Line(entry.Text(key));
        }
        return analogies;
    }

    static string? Command(ScalarText text) => text.Value == "none" ? null
        : text.Value.StartsWith("castalia ", StringComparison.Ordinal) ? Prose.Line(text) : throw LiteratureErrors.NoCommand(text.Place, text.Value);
}
