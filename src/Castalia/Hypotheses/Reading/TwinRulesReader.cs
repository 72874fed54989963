using Castalia.Errors;
using Castalia.Hypotheses.OverTwins;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses.Reading;

/// <summary>Reads what decides a hypothesis over twins.</summary>
static class TwinRulesReader
{
    /// <summary>Its keys.</summary>
    public static readonly string[] Keys = ["study", "evidence", "tests", "supported", "falsified", "strength", "limits"];

    /// <summary>The rules.</summary>
    /// <param name="map">The mapping.</param>
    /// <exception cref="InputException">Anything that is not plainly that.</exception>
    public static TwinRules Read(YamlMap map)
    {
        var studies = map.Has("study") ? map.Texts("study") : throw map.Missing("study");
        var queries = map.Map("evidence", known: null);
        var tests = map.Map("tests", known: null);
        if (!map.Has("supported") && !map.Has("falsified")) throw map.Missing("falsified");
        return new()
        {
            Studies = studies,
            Evidence = [.. queries.Keys.Select(name => new EvidenceQuery(HypothesisReader.Name(queries, name), queries.Text(name).Value, queries.Text(name)))],
            Tests = [.. tests.Keys.Select(name => MeasureReader.Read(HypothesisReader.Name(tests, name), tests, ofOneModel: true))],
            Supported = map.OptionalText("supported") is { } supported ? HypothesisReader.Condition(supported) : null,
            Falsified = map.OptionalText("falsified") is { } falsified ? HypothesisReader.Condition(falsified) : null,
            Strength = Template.Parse(map.Text("strength")),
            Limits = Template.Parse(map.Text("limits")),
            Place = map.Place,
        };
    }
}
