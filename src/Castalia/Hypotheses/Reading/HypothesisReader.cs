using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.Hypotheses.Conditions;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses.Reading;

/// <summary>Reads a hypothesis from its file, and checks all that can be checked without data.</summary>
static partial class HypothesisReader
{
    /// <summary>What such a file holds.</summary>
    public static readonly YamlFormat Format = new("hypothesis", "a", "docs/hypotheses.md");

    static readonly string[] Keys =
    [
        "id", "title", "claim", "mechanism", "prediction", "refutation", "sources", "needs", "requires", "evidence", "tests", "supported", "falsified", "strength", "limits", "each", "twins",
    ];

    /// <summary>The hypothesis.</summary>
    /// <exception cref="InputException">Anything that is not plainly one, with file, line and column.</exception>
    public static Hypothesis Read(SourceText source)
    {
        var map = new YamlMap(source, YamlRoot.Of(source), "a hypothesis", Keys);
        var id = map.Text("id");
        if (!Id().IsMatch(id.Value)) throw HypothesisErrors.BadId(id.Place, id.Value);
        var needs = Needs(map);
        var hypothesis = new Hypothesis
        {
            Id = id.Value,
            Title = Prose.Line(map.Text("title")),
            Claim = Prose.Line(map.Text("claim")),
            Mechanism = Prose.Line(map.Text("mechanism")),
            Prediction = Prose.Line(map.Text("prediction")),
            Refutation = map.OptionalText("refutation") is { } refutation ? Prose.Line(refutation) : null,
            Sources = map.Has("sources") ? [.. map.Texts("sources").Select(Prose.Line)] : throw HypothesisErrors.MissingKey(map.Place, "sources", "a hypothesis"),
            Needs = needs,
            Requires = null,
            Evidence = [],
            Tests = [],
            Supported = null,
            Falsified = null,
            Strength = null,
            Limits = map.OptionalText("limits") is { } limits ? Template.Parse(limits) : null,
            Each = map.Has("each") ? EachReader.Read(map.Map("each", EachReader.Keys)) : null,
            Twins = map.Has("twins") ? TwinRulesReader.Read(map.Map("twins", TwinRulesReader.Keys)) : null,
            Source = source,
            Place = id.Place,
        };
        bool waitsForAll = needs.Any(need => need.For == NeededFor.Both);
        string[] ofEvidence = ["requires", "evidence", "tests", "supported", "falsified", "strength"];
        if ((!waitsForAll && hypothesis.Twins is null) || ofEvidence.Any(map.Has)) hypothesis = WithEvidence(map, hypothesis);
        NameCheck.Of(hypothesis);
        return hypothesis;
    }

    static Hypothesis WithEvidence(YamlMap map, Hypothesis hypothesis)
    {
        var requires = map.Map("requires", ["models", "prompts"]);
        var queries = map.Map("evidence", known: null);
        var tests = map.Map("tests", known: null);
        return hypothesis with
        {
            Requires = new(
                requires.OptionalCount("models") ?? throw HypothesisErrors.MissingKey(requires.Place, "models", "'requires'"),
                requires.OptionalCount("prompts"), requires.Place),
            Evidence = [.. queries.Keys.Select(name => new EvidenceQuery(Name(queries, name), queries.Text(name).Value, queries.Text(name)))],
            Tests = [.. tests.Keys.Select(name => MeasureReader.Read(Name(tests, name), tests))],
            Supported = Rule(map, "supported", hypothesis.Needs),
            Falsified = Rule(map, "falsified", hypothesis.Needs),
            Strength = Template.Parse(map.Text("strength")),
        };
    }

    /// <summary>A rule; it may be left out only where a measurement is waited for without which that verdict cannot be given.</summary>
    static Rule? Rule(YamlMap map, string key, IReadOnlyList<Need> needs)
    {
        var verdict = key == "supported" ? NeededFor.Supported : NeededFor.Falsified;
        bool optional = needs.Any(need => need.For == verdict || need.For == NeededFor.Both);
        return optional && !map.Has(key) ? null : Condition(map.Text(key));
    }

    /// <summary>A condition of the file.</summary>
    internal static Rule Condition(ScalarText text)
    {
        try
        {
            return new(ConditionParser.Parse(text.Value), text);
        }
        catch (ConditionException e)
        {
            throw HypothesisErrors.Condition(text.PlaceOf(e.At), e.Message);
        }
    }

    static List<Need> Needs(YamlMap map)
    {
        if (!map.Has("needs")) return [];
        return [.. map.Maps("needs", ["measurement", "for", "met"]).Select(need => new Need(Prose.Line(need.Text("measurement")), need.Word("for", ["supported", "falsified", "both"]) switch
        {
            "supported" => NeededFor.Supported,
            "falsified" => NeededFor.Falsified,
            _ => NeededFor.Both,
        }, need.OptionalText("met") is { } met ? Condition(met) : null))];
    }

    /// <summary>A name that conditions can use.</summary>
    internal static string Name(YamlMap map, string name) =>
        NameWord().IsMatch(name) && name is not ("and" or "or" or "not" or "models" or "prompts" or "each" or "twins" or "networks") ? name : throw HypothesisErrors.BadName(map.PlaceOf(name), name);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Id();

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex NameWord();
}
