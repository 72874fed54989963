using System.Text;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Wording;

namespace Castalia.Reports.Hypotheses;

/// <summary>What a hypothesis says and what would decide it, before any data are looked at.</summary>
static class ClaimText
{
    const int Label = 14;

    /// <summary>The page.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="width">Columns.</param>
    public static string Of(Hypothesis h, int width)
    {
        var text = new StringBuilder();
        text.Append(Wrapped.Of($"{h.Id}: {h.Title}", width)).Append('\n').Append(Entries(h, width, supports: null, falsifies: null));
        foreach (var test in h.Tests) text.Append(Entry("test", $"{test.Name}: {Test(test)}", width));
        foreach (var query in h.Evidence) text.Append(Entry("rows", $"{query.Name}: " + string.Join(' ', query.Sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), width));
        if (h.Limits is { } limits) text.Append(Entry("limits", limits.With(name => $"{{{name}}}"), width));
        return text.ToString();
    }

    /// <summary>Claim, mechanism, prediction, what is required and waited for, both rules and the sources.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="width">Columns.</param>
    /// <param name="supports">What is said of the rule of support behind it; null for nothing.</param>
    /// <param name="falsifies">The same of the rule of falsification.</param>
    public static string Entries(Hypothesis h, int width, string? supports, string? falsifies)
    {
        var text = new StringBuilder();
        Add("claim", h.Claim);
        Add("mechanism", h.Mechanism);
        Add("prediction", h.Prediction);
        if (h.Requires is { } r) Add("requires", Figures.Of(r.Models, "model") + (r.Prompts is { } p ? $" of at least {Figures.Of(p, "prompt")} each" : ""));
        foreach (var need in h.Needs) Add("waits for", $"{need.Measurement} (for {(need.For == NeededFor.Both ? "any verdict" : $"'{need.For.ToString().ToLowerInvariant()}'")})");
        Rule("supported if", h.Supported, supports);
        Rule("falsified if", h.Falsified, falsifies);
        foreach (string from in h.Sources) Add("source", from);
        return text.ToString();

        void Add(string label, string value) => text.Append(Entry(label, value, width));

        void Rule(string label, Rule? rule, string? said)
        {
            if (rule is not null) Add(label, ConditionText.Of(rule.Condition) + said);
        }
    }

    /// <summary>A value beside its label.</summary>
    public static string Entry(string label, string value, int width) => VerdictsText.Hanging($"  {label.PadRight(Label - 1)} ", value, width);

    static string Test(Measure test)
    {
        var text = new StringBuilder(test.Statistic.Name);
        text.Append(test.From is { } from ? $" over {from}" : " over models");
        if (test.Of is { } of) text.Append($" of {of.Name}");
        if (test.On is { } on) text.Append($" on {on.Name}");
        if (test.Given.Count > 0) text.Append($", given {string.Join(", ", test.Given.Select(c => c.Name))}");
        if (test.Within.Count > 0) text.Append($", within {string.Join(", ", test.Within.Select(c => c.Name))}");
        if (test.Clusters is { } clusters) text.Append($", clusters {clusters.Name}");
        if (test.Where is { } where) text.Append($", where {ConditionText.Of(where.Condition)}");
        if (test.PerModel) text.Append(test.Holm ? ", per model, p adjusted by Holm" : ", per model");
        return text.ToString();
    }
}
