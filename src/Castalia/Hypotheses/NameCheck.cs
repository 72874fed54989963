using Castalia.Errors;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.Hypotheses.Reading;

namespace Castalia.Hypotheses;

/// <summary>Checks that every name of a hypothesis stands for something, before any query is run.</summary>
static class NameCheck
{
    /// <summary>Names that every rule knows: the models used and the fewest prompts of one of them.</summary>
    public static readonly string[] Always = ["models", "prompts"];

    /// <summary>Names that rules know beside rules for each model: how many models those have a verdict of.</summary>
    static readonly string[] s_ofEach = ["each.supported", "each.falsified", "each.models"];

    /// <summary>Names that rules know beside rules over twins: 1 where those have that verdict, else 0.</summary>
    static readonly string[] s_ofTwins = ["twins.supported", "twins.falsified"];

    /// <summary>Checks the names of tests, rules and templates; columns of queries are checked when they are bound.</summary>
    /// <exception cref="InputException">A name that names nothing, or two things.</exception>
    public static void Of(Hypothesis h)
    {
        string[] queries = [.. h.Evidence.Select(e => e.Name)];
        foreach (var test in h.Tests) Of(test, queries);
        string[] results = [.. Always, .. h.Each is null ? [] : s_ofEach, .. h.Twins is null ? [] : s_ofTwins, .. h.Tests.Where(t => !t.PerModel).SelectMany(Names)];
        Check([h.Supported, h.Falsified, .. h.Needs.Select(need => need.Met)], [h.Strength, h.Limits], results, h.Tests);
        if (h.Each is { } each) Of(each);
        if (h.Twins is { } twins) Of(twins);
    }

    static void Of(TwinRules twins)
    {
        string[] queries = [.. twins.Evidence.Select(query => query.Name)];
        foreach (var test in twins.Tests) Of(test, queries);
        Check([twins.Supported, twins.Falsified], [twins.Strength, twins.Limits], ["networks", .. twins.Tests.SelectMany(Names)], []);
    }

    static void Of(Measure test, string[] queries)
    {
        if (queries.Contains(test.Name)) throw HypothesisErrors.NameTwice(test.Place, test.Name);
        if (test.From is { } from && !queries.Contains(from)) throw HypothesisErrors.UnknownName(test.Place, from, queries);
    }

    static void Of(EachModel each)
    {
        string[] queries = [.. each.Evidence.Select(query => query.Query.Name)], runs = [.. each.Runs.Select(run => run.Name)];
        foreach (var test in each.Tests) Of(test, queries);
        foreach (var query in each.Evidence)
            if (query.From.FirstOrDefault(name => !runs.Contains(name)) is { } unknown) throw HypothesisErrors.UnknownName(query.Query.Text.Place, unknown, runs);
        Check([each.Supported, each.Falsified], [each.Strength, each.Limits], [.. each.Tests.SelectMany(Names)], []);
    }

    static void Check(IEnumerable<Rule?> rules, IEnumerable<Template?> templates, string[] results, IReadOnlyList<Measure> tests)
    {
        foreach (var rule in rules.OfType<Rule>())
            foreach (var (name, isNumber) in rule.Condition.Names())
            {
                if (!results.Contains(name.Text)) throw Unknown(tests, rule.Text.PlaceOf(name.At), name.Text, results);
                if (!isNumber) throw HypothesisErrors.WrongType(rule.Text.PlaceOf(name.At), name.Text, "a number", "true or false");
            }
        foreach (var template in templates.OfType<Template>())
            foreach (var part in template.Names)
                if (!results.Contains(part.Value)) throw Unknown(tests, template.Text.PlaceOf(part.At), part.Value, results);
    }

    static InputException Unknown(IReadOnlyList<Measure> tests, string place, string name, string[] known) => tests.Any(test => test.PerModel && Names(test).Contains(name))
        ? HypothesisErrors.ResultOfEachModel(place, name, known)
        : HypothesisErrors.UnknownName(place, name, known);

    /// <summary>Names of a test's results.</summary>
    public static IEnumerable<string> Names(Measure test) =>
        (test.Holm ? test.Fields.Append("p_holm") : test.Fields).Select(field => $"{test.Name}.{field}");

    /// <summary>Results of the tests per model that stand before a test over the models.</summary>
    public static IEnumerable<string> Before(Hypothesis h, Measure test) => h.Tests.TakeWhile(t => t != test).Where(t => t.PerModel).SelectMany(Names);
}
