using System.Text.Json.Serialization;
using Castalia.Hypotheses.Conditions;

namespace Castalia.Hypotheses.Each;

/// <summary>The rules for one model, and what they read.</summary>
sealed record EachDocument(string? Applies, string? Supported, string? Falsified, IReadOnlyList<string> Runs, IReadOnlyList<string> Interventions)
{
    public static EachDocument? Of(EachModel? each) => each is null ? null : new(
        Text(each.Applies), Text(each.Supported), Text(each.Falsified), [.. each.Runs.Select(run => run.Command)], each.DoFiles);

    static string? Text(Rule? rule) => rule is null ? null : ConditionText.Of(rule.Condition);
}

/// <summary>A model: where the verdict over all takes it from, which is null where it does not rest on it, and what it says by itself, null where it says nothing.</summary>
sealed record ModelDocument(
    string Model, string? Run, string? Name, int? Prompts, IReadOnlyList<string>? OtherRuns,
    string? Verdict, string? Why, string? Strength, string? Limits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Cautions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Missing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReadRunDocument>? Runs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Interventions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TestDocument>? Tests)
{
    /// <summary>The models of a verdict: those that it rests on, then those that only say something by themselves; null without evidence of either kind.</summary>
    public static IReadOnlyList<ModelDocument>? All(Hypotheses.Verdict v)
    {
        if (v.Models is null && v.Each.Count == 0) return null;
        var used = v.Models?.Used ?? [];
        return
        [
            .. used.Select(choice => Of(choice, v.Each.FirstOrDefault(one => one.Model == choice.Model))),
            .. v.Each.Where(one => used.All(choice => choice.Model != one.Model)).Select(one => Of(null, one)),
        ];
    }

    /// <summary>One model.</summary>
    public static ModelDocument Of(ModelChoice? choice, ModelVerdict? v) => new(
        choice?.Model ?? v!.Model, choice?.Run, choice?.Name, choice?.Prompts, choice?.OtherRuns,
        v?.Kind.ToString().ToLowerInvariant(), v?.Why, v?.Strength, v?.Limits, v?.Cautions, v?.Missing,
        v is null ? null : [.. v.Runs.Select(run => new ReadRunDocument(run.Need.Name, run.Run, run.Need.Command))], v?.Interventions, v is null ? null : [.. v.Outcomes.Select(TestDocument.Of)]);
}

/// <summary>A run that a verdict of one model reads.</summary>
sealed record ReadRunDocument(string Name, string Run, string Command);
