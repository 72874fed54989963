using Castalia.Hypotheses;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What the tests of a hypothesis gave, a table each.</summary>
static class TestTables
{
    /// <summary>Fields shown only where a rule uses them; JSON has all.</summary>
    static readonly string[] s_further = ["se", "t", "intercept", "intercept_low", "intercept_high", "unknown"];

    /// <summary>The same of each effect of an analysis of variance.</summary>
    static readonly string[] s_furtherOfEffects = ["ss", "df", "df_residual", "f", "eta_squared", "omega_squared"];

    /// <summary>One test.</summary>
    /// <param name="outcome">What it gave.</param>
    /// <param name="h">Whose it is.</param>
    public static IEnumerable<PageBlock> Of(TestOutcome outcome, Hypothesis h)
    {
        var test = outcome.Test;
        string[] used = [.. Used(h)];
        string[] fields = [.. NameCheck.Names(test).Select(name => name[(name.IndexOf('.') + 1)..])
            .Where(field => used.Contains($"{test.Name}.{field}") || !IsFurther(field) || outcome.Results.Any(r => field == "unknown" && r.Result.Fields[field].Value > 0))];
        bool ofModels = outcome.Results.Any(r => r.Model is not null);
        yield return new Gap();
        yield return new Heading(test.InWords, 3);
        yield return new Table([ofModels ? "model" : "over", .. fields.Select(field => new Pages.Column(field))], [.. outcome.Results.Select(IReadOnlyList<Cell> (r) =>
        [
            r.Model ?? (test.From is null ? "models" : "all rows"), .. fields.Select(field => Cell.Of(r.Result.Fields[field], value => NamedResults.Number(field, value), field, r.Model)),
        ])]);
        var notes = outcome.Results.SelectMany(r => r.Result.Notes.Prepend(r.Result.Dependence).OfType<string>().Select(note => $"{(r.Model is null ? "" : $"{r.Model}: ")}{note}."));
        foreach (string note in notes.Distinct()) yield return new Paragraph(note);
    }

    static bool IsFurther(string field) =>
        s_further.Contains(field) || Array.Exists(s_furtherOfEffects, further => field == further || field.EndsWith($"_{further}", StringComparison.Ordinal));

    /// <summary>Every name that rules, templates and tests of a hypothesis use.</summary>
    static IEnumerable<string> Used(Hypothesis h) =>
        new[] { h.Supported, h.Falsified, h.Each?.Supported, h.Each?.Falsified, h.Twins?.Supported, h.Twins?.Falsified }.OfType<Rule>().SelectMany(rule => rule.Condition.Names()).Select(n => n.Name.Text)
            .Concat(new[] { h.Strength, h.Limits, h.Each?.Strength, h.Each?.Limits, h.Twins?.Strength, h.Twins?.Limits }.OfType<Template>().SelectMany(t => t.Names).Select(part => part.Value))
            .Concat(h.Tests.SelectMany(ColumnCheck.Names));
}
