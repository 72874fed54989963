using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>What the names of rules and templates stand for, once tests were evaluated.</summary>
/// <param name="outcomes">What the tests gave.</param>
/// <param name="counts">What is known without a test, by name.</param>
sealed class NamedResults(IReadOnlyList<TestOutcome> outcomes, IReadOnlyDictionary<string, Figure<double>> counts)
{
    /// <summary>Results over some models: how many there are, the fewest prompts of one, and how many verdicts each kind has for models by themselves.</summary>
    public static NamedResults Of(ModelChoices models, IReadOnlyList<TestOutcome> outcomes, IReadOnlyList<ModelVerdict> each, TwinVerdict? twins) => new(outcomes, new Dictionary<string, Figure<double>>(Counts(each, twins))
    {
        ["models"] = Figure<double>.Of(models.Used.Count),
        ["prompts"] = models.Used.Min(choice => choice.Prompts) is { } least ? Figure<double>.Of(least) : Figure<double>.Undefined("no query counts prompts"),
    });

    /// <summary>How many models have each verdict by themselves, and whether twins have it: 1 or 0.</summary>
    public static IReadOnlyDictionary<string, Figure<double>> Counts(IReadOnlyList<ModelVerdict> each, TwinVerdict? twins) => new Dictionary<string, Figure<double>>
    {
        ["each.supported"] = Figure<double>.Of(each.Count(v => v.Kind == VerdictKind.Supported)),
        ["each.falsified"] = Figure<double>.Of(each.Count(v => v.Kind == VerdictKind.Falsified)),
        ["each.models"] = Figure<double>.Of(each.Count),
        ["twins.supported"] = Figure<double>.Of(twins?.Kind == VerdictKind.Supported ? 1 : 0),
        ["twins.falsified"] = Figure<double>.Of(twins?.Kind == VerdictKind.Falsified ? 1 : 0),
    };

    /// <summary>The figure behind a name.</summary>
    public Figure<double> Figure(string name)
    {
        if (counts.TryGetValue(name, out var count)) return count;
        string[] parts = name.Split('.');
        return outcomes.Single(outcome => outcome.Test.Name == parts[0]).Results[0].Result.Fields[parts[1]];
    }

    /// <summary>The same for a condition.</summary>
    public Meaning Meaning(string name) =>
        Figure(name) is { Value: { } value } ? Conditions.Meaning.Of(value) : Conditions.Meaning.Undefined(Figure(name).UndefinedBecause!);

    /// <summary>A template with its results, and why those that it lacks are undefined.</summary>
    public string Sentence(Template template)
    {
        var reasons = template.Names.Select(name => name.Value).Distinct().Where(name => Figure(name).Value is null)
            .GroupBy(name => Figure(name).UndefinedBecause!);
        return template.With(name => Figure(name).Value is { } value ? Number(name, value) : Figures.Missing) +
            string.Concat(reasons.Select(reason => $" {string.Join(", ", reason)} undefined, because {reason.Key}."));
    }

    /// <summary>Whether a name is of a p-value.</summary>
    public static bool IsP(string name) => name[(name.LastIndexOf('.') + 1)..] is "p" or "p_holm" || name.EndsWith("_p", StringComparison.Ordinal);

    /// <summary>A result as text: counts whole, p-values with two significant digits, others with three decimals.</summary>
    public static string Number(string field, double value) => field[(field.LastIndexOf('.') + 1)..] switch
    {
        _ when IsP(field) => TestFigures.P(value),
        "df" or "df_residual" or "blocks" or "levels" or "passages" or "below" or "above" or "monotone" => Figures.Count((long)value),
        var name when name.EndsWith("_df", StringComparison.Ordinal) => Figures.Count((long)value),
        "n" or "count" or "unknown" or "clusters" or "n_with" or "n_without" or "models" or "networks" or "prompts" or "supported" or "falsified" => Figures.Count((long)value),
        _ => TestFigures.Signed(value),
    };
}
