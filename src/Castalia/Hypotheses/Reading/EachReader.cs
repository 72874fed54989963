using Castalia.DoFiles;
using Castalia.Errors;
using Castalia.Hypotheses.Each;
using Castalia.PromptFiles;
using Castalia.Tokens;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses.Reading;

/// <summary>Reads what decides a hypothesis for one model by itself.</summary>
static class EachReader
{
    /// <summary>Its keys.</summary>
    public static readonly string[] Keys = ["runs", "applies", "evidence", "tests", "supported", "falsified", "strength", "limits"];

    static readonly string[] RunKeys = ["verb", "prompts", "bos", "positions", "weights", "reference", "bands", "activation", "do", "optional"];

    static readonly string[] Bos = ["default", "none", "always"], Positions = ["last", "all"], YesNo = ["yes", "no"];

    static readonly string[] OfExplain = ["weights", "reference", "bands"];

    static readonly string[] Verbs = [.. Enum.GetValues<RunVerb>().Select(verb => verb.ToString().ToLowerInvariant())];

    /// <summary>The rules.</summary>
    /// <param name="map">The mapping.</param>
    /// <exception cref="InputException">Anything that is not plainly that.</exception>
    public static EachModel Read(YamlMap map)
    {
        var runs = map.Map("runs", known: null);
        var queries = map.Map("evidence", known: null);
        var tests = map.Map("tests", known: null);
        if (!map.Has("supported") && !map.Has("falsified")) throw map.Missing("falsified");
        return new()
        {
            Runs = [.. runs.Keys.Select(name => Run(HypothesisReader.Name(runs, name), runs))],
            Applies = map.OptionalText("applies") is { } applies ? HypothesisReader.Condition(applies) : null,
            Evidence = [.. queries.Keys.Select(name => Query(HypothesisReader.Name(queries, name), queries))],
            Tests = [.. tests.Keys.Select(name => MeasureReader.Read(HypothesisReader.Name(tests, name), tests, ofOneModel: true))],
            Supported = map.OptionalText("supported") is { } supported ? HypothesisReader.Condition(supported) : null,
            Falsified = map.OptionalText("falsified") is { } falsified ? HypothesisReader.Condition(falsified) : null,
            Strength = Template.Parse(map.Text("strength")),
            Limits = map.OptionalText("limits") is { } limits ? Template.Parse(limits) : null,
            Place = map.Place,
        };
    }

    static RunQuery Query(string name, YamlMap queries)
    {
        var map = queries.Map(name, ["from", "sql"]);
        var sql = map.Text("sql");
        return new(new(name, sql.Value, sql), map.Has("from") ? [.. map.Texts("from").Select(text => text.Value)] : throw map.Missing("from"));
    }

    static RunNeed Run(string name, YamlMap runs)
    {
        var map = runs.Map(name, RunKeys);
        string verb = map.Word("verb", Verbs);
        foreach (string key in OfExplain.Where(key => map.Has(key) && verb != "explain")) throw HypothesisErrors.NotOfVerb(map.PlaceOf(key), key, verb);
        if (map.Has("do") && verb != "intervene") throw HypothesisErrors.NotOfVerb(map.PlaceOf("do"), "do", verb);
        if (verb == "intervene" && !map.Has("do")) throw map.Missing("do");
        return new(name, Enum.Parse<RunVerb>(verb, ignoreCase: true), Set(map, "prompts"), map.Place)
        {
            Bos = map.Has("bos") ? Enum.Parse<BosPolicy>(map.Word("bos", Bos), ignoreCase: true) : BosPolicy.Default,
            AllPositions = map.Has("positions") && map.Word("positions", Positions) == "all",
            Weights = Yes(map, "weights"),
            Reference = map.Has("reference") ? Set(map, "reference") : null,
            Bands = Yes(map, "bands"),
            OtherGelu = map.Has("activation") && map.Word("activation", ["other"]).Length > 0,
            IsOptional = Yes(map, "optional"),
            Do = [.. map.Texts("do").Select(DoFileOf)],
        };
    }

    static bool Yes(YamlMap map, string key) => map.Has(key) && map.Word(key, YesNo) == "yes";

    static string Set(YamlMap map, string key) => RunMatch.IsFile(map.Text(key).Value) ? map.Text(key).Value : map.Word(key, [.. PromptSets.Names]);

    static string DoFileOf(ScalarText text) => RunMatch.IsFile(text.Value) || DoFile.Names.Contains(text.Value) ? text.Value : throw YamlErrors.NotAmong(text.Place, "do", text.Value, DoFile.Names);
}
