using System.Text;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Hypotheses;

/// <summary>What one test of a hypothesis gave, for a person.</summary>
static class OutcomeText
{
    /// <summary>Fields shown only where a rule uses them; JSON has all.</summary>
    static readonly string[] Further = ["se", "t", "intercept", "intercept_low", "intercept_high", "unknown"];

    /// <summary>The test, its results as a table and why some are undefined.</summary>
    /// <param name="outcome">The test and its results.</param>
    /// <param name="h">The hypothesis it is of.</param>
    /// <param name="width">Columns.</param>
    public static string Of(TestOutcome outcome, Hypothesis h, int width)
    {
        var test = outcome.Test;
        var text = new StringBuilder("\n").Append(Wrapped.Of(Heading(test), width, hang: 2));
        string[] used = [.. Used(h)];
        string[] fields = [.. NameCheck.Names(test).Select(name => name[(name.IndexOf('.') + 1)..])
            .Where(field => used.Contains($"{test.Name}.{field}") || !Further.Contains(field) || outcome.Results.Any(r => field == "unknown" && r.Result.Fields[field].Value > 0))];
        string first = test.PerModel ? "model" : "over";
        text.Append(TextTable.Of([first, .. fields], [.. outcome.Results.Select(r => (IReadOnlyList<string>)
            [r.Model ?? (test.From is null ? "models" : "all rows"), .. fields.Select(field => r.Result.Fields[field].Value is { } value ? NamedResults.Number(field, value) : Figures.Missing)])], width));
        foreach (string note in Notes(outcome, fields).Distinct()) text.Append(Wrapped.Of(note, width));
        return text.ToString();
    }

    /// <summary>The test in words.</summary>
    public static string Heading(Measure test)
    {
        var words = new List<string> { $"{test.Name}: {(test.Method is { } method ? $"{method} " : "")}{(test.Standardised ? "standardised " : "")}{test.Statistic.Name}" };
        if (test.Of is { } of) words.Add($"of {of.Name}");
        if (test.On is { } on) words.Add($"on {on.Name}");
        if (test.Given.Count > 0) words.Add($"given {string.Join(", ", test.Given.Select(c => c.Name))}");
        if (test.Within.Count > 0) words.Add($"within {string.Join(", ", test.Within.Select(c => c.Name))}");
        if (test.Clusters is { } clusters) words.Add($"clustered by {clusters.Name}");
        if (test.Statistic.Required.Contains("against")) words.Add(FormattableString.Invariant($"against {test.Against}"));
        if (test.Where is { } where) words.Add($"where {ConditionText.Of(where.Condition)}");
        words.Add(test.From is { } from ? $"from {from}" : "over the models");
        return string.Join(' ', words) + (test.Holm ? "; p_holm over the models" : "");
    }

    /// <summary>Every name that rules, templates and tests of a hypothesis use.</summary>
    static IEnumerable<string> Used(Hypothesis h) =>
        new[] { h.Supported, h.Falsified }.OfType<Rule>().SelectMany(rule => rule.Condition.Names()).Select(n => n.Name.Text)
            .Concat(new[] { h.Strength, h.Limits }.OfType<Template>().SelectMany(t => t.Names).Select(part => part.Value))
            .Concat(h.Tests.SelectMany(ColumnCheck.Names));

    static IEnumerable<string> Notes(TestOutcome outcome, string[] fields)
    {
        foreach (var (model, result) in outcome.Results)
        {
            string of = model is null ? "" : $"{model}: ";
            foreach (var reason in fields.Select(field => (Field: field, Because: result.Fields[field].UndefinedBecause)).Where(f => f.Because is not null).GroupBy(f => f.Because))
                yield return $"{of}{string.Join(", ", reason.Select(f => f.Field))} undefined, because {reason.Key}.";
            if (result.Dependence is { } dependence) yield return $"{of}{dependence}.";
            foreach (string note in result.Notes) yield return $"{of}{note}.";
        }
    }
}
