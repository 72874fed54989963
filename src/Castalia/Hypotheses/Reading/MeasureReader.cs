using Castalia.Errors;
using Castalia.Hypotheses.Measures;
using Castalia.Statistics;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses.Reading;

/// <summary>Reads one test of a hypothesis.</summary>
static class MeasureReader
{
    static readonly string[] Always = ["statistic", "from", "over", "per", "holm"];

    static readonly string[] OfStatistics =
    [
        "of", "on", "given", "within", "clusters", "where", "against", "method", "standardised", "factors", "block", "margin", "at", "scale", "error", "low", "high",
    ];

    static readonly string[] Scales = [.. Enum.GetValues<LevelScale>().Select(scale => scale.ToString().ToLowerInvariant())];

    /// <summary>The test.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tests">The mapping it is in.</param>
    /// <param name="ofOneModel">Whether it is taken of one model by itself, so that it says nothing of models.</param>
    /// <exception cref="InputException">Anything that is not plainly one.</exception>
    public static Measure Read(string name, YamlMap tests, bool ofOneModel = false)
    {
        var map = tests.Map(name, [.. ofOneModel ? ["statistic", "from"] : Always, .. OfStatistics]);
        string word = map.Word("statistic", Statistic.All.Select(s => s.Name).ToArray());
        var statistic = Statistic.All.Single(s => s.Name == word);
        string[] known = [.. statistic.Required, .. statistic.Optional];
        foreach (string key in statistic.Required.Where(key => !map.Has(key))) throw HypothesisErrors.StatisticKey(map.Place, word, key, missing: true, known);
        foreach (string key in OfStatistics.Where(key => map.Has(key) && !known.Contains(key)))
            throw HypothesisErrors.StatisticKey(map.PlaceOf(key), word, key, missing: false, known);
        if (word == "correlation" && map.Has("clusters") && map.Has("method") && map.Word("method", statistic.Methods) == "kendall") throw HypothesisErrors.KendallOfClusters(map.PlaceOf("clusters"));
        bool overModels = map.Has("over");
        if (overModels) map.Word("over", ["models"]);
        if (overModels && map.Has("from")) throw HypothesisErrors.UnknownKey(map.PlaceOf("from"), "from", "a test with 'over'", Always.Except(["from", "per", "holm"]));
        bool perModel = map.Has("per");
        if (perModel) map.Word("per", ["model"]);
        if (perModel && overModels) throw HypothesisErrors.UnknownKey(map.PlaceOf("per"), "per", "a test with 'over'", Always.Except(["from", "per", "holm"]));
        if (map.Has("factors") && map.Texts("factors").Count > 2) throw HypothesisErrors.ManyFactors(map.PlaceOf("factors"), map.Texts("factors").Count);
        Measure test = new(name, statistic, map.Place)
        {
            From = overModels ? null : map.Text("from").Value,
            PerModel = perModel,
            Of = Column(map, "of"),
            On = Column(map, "on"),
            Given = Columns(map, "given"),
            Within = Columns(map, "within"),
            Clusters = Column(map, "clusters"),
            Factors = Columns(map, "factors"),
            Block = Column(map, "block"),
            Margin = map.Has("margin") ? AboveZero(map, "margin") : 0,
            At = map.Has("at") ? map.Number("at") : 0,
            Scale = map.Has("scale") ? Enum.Parse<LevelScale>(map.Word("scale", Scales), ignoreCase: true) : LevelScale.Linear,
            Error = Column(map, "error"),
            Low = Column(map, "low"),
            High = Column(map, "high"),
            Where = map.Has("where") ? HypothesisReader.Condition(map.Text("where")) : null,
            Against = map.Has("against") ? map.Number("against") : 0,
            Method = map.Has("method") ? map.Word("method", statistic.Methods) : null,
            Standardised = map.Has("standardised") && map.Word("standardised", ["yes", "no"]) == "yes",
        };
        bool adjusts = perModel && test.Fields.Contains("p");
        if (map.Has("holm") && !adjusts)
            throw HypothesisErrors.UnknownKey(map.PlaceOf("holm"), "holm", "a test without a p-value for each model", [.. Always.Except(["holm"]), .. known]);
        return adjusts ? test with { Holm = map.Word("holm", ["yes", "no"]) == "yes" } : test;
    }

    static double AboveZero(YamlMap map, string key) => map.Number(key) is > 0 and var number ? number : throw YamlErrors.NotANumber(map.Text(key).Place, key, map.Text(key).Value, "a number above 0");

    static Column? Column(YamlMap map, string key) => map.OptionalText(key) is { } text ? new(text.Value, key, text.Place) : null;

    static IReadOnlyList<Column> Columns(YamlMap map, string key) => [.. map.Texts(key).Select(text => new Column(text.Value, key, text.Place))];
}
