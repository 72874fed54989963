using Castalia.Errors;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Reading;

namespace Castalia.Hypotheses;

/// <summary>Checks that every name of a hypothesis stands for something, before any query is run.</summary>
static class NameCheck
{
    /// <summary>Names that every rule knows: the models used and the fewest prompts of one of them.</summary>
    public static readonly string[] Always = ["models", "prompts"];

    /// <summary>Checks the names of tests, rules and templates; columns of queries are checked when they are bound.</summary>
    /// <exception cref="InputException">A name that names nothing, or two things.</exception>
    public static void Of(Hypothesis h)
    {
        string[] queries = [.. h.Evidence.Select(e => e.Name)];
        foreach (var test in h.Tests)
        {
            if (queries.Contains(test.Name)) throw HypothesisErrors.NameTwice(test.Place, test.Name);
            if (test.From is { } from && !queries.Contains(from)) throw HypothesisErrors.UnknownName(test.Place, from, queries);
        }
        string[] results = [.. Always, .. h.Tests.Where(t => !t.PerModel).SelectMany(Names)];
        foreach (var rule in new[] { h.Supported, h.Falsified }.OfType<Rule>())
            foreach (var (name, isNumber) in rule.Condition.Names())
            {
                if (!results.Contains(name.Text)) throw Unknown(h, rule.Text.PlaceOf(name.At), name.Text, results);
                if (!isNumber) throw HypothesisErrors.WrongType(rule.Text.PlaceOf(name.At), name.Text, "a number", "true or false");
            }
        foreach (var template in new[] { h.Strength, h.Limits }.OfType<Template>())
            foreach (var part in template.Names)
                if (!results.Contains(part.Value)) throw Unknown(h, template.Text.PlaceOf(part.At), part.Value, results);
    }

    static InputException Unknown(Hypothesis h, string place, string name, string[] known) => h.Tests.Any(test => test.PerModel && Names(test).Contains(name))
        ? HypothesisErrors.ResultOfEachModel(place, name, known)
        : HypothesisErrors.UnknownName(place, name, known);

    /// <summary>Names of a test's results.</summary>
    public static IEnumerable<string> Names(Measure test) =>
        (test.Holm ? test.Fields.Append("p_holm") : test.Fields).Select(field => $"{test.Name}.{field}");

    /// <summary>Results of the tests per model that stand before a test over the models.</summary>
    public static IEnumerable<string> Before(Hypothesis h, Measure test) => h.Tests.TakeWhile(t => t != test).Where(t => t.PerModel).SelectMany(Names);
}
