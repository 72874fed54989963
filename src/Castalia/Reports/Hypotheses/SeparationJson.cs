using System.Text.Json.Nodes;
using Castalia.Hypotheses.Separation;

namespace Castalia.Reports.Hypotheses;

/// <summary>The search for separating fields, for a program.</summary>
static class SeparationJson
{
    /// <summary>One object.</summary>
    /// <param name="models">Every model with its status.</param>
    /// <param name="s">The search.</param>
    /// <param name="source">Where the models are.</param>
    public static JsonObject Of(IReadOnlyList<ModelStatus> models, FieldSeparation s, string source) => new()
    {
        ["source"] = source,
        ["models"] = new JsonArray([.. models.Select(m => new JsonObject
        {
            ["model"] = m.Choice.Model,
            ["run"] = m.Choice.Run,
            ["prompts"] = m.Choice.Prompts,
            ["other_runs"] = new JsonArray([.. m.Choice.OtherRuns.Select(run => JsonValue.Create(run))]),
            ["mean_gain"] = m.Mean.Value,
            ["interval_95"] = m.Interval95.Value is { } i ? new JsonArray(i.Low, i.High) : null,
            ["interval_method"] = "BCa bootstrap of the mean, 10,000 resamples, seed 1",
            ["status"] = m.Status.ToString().ToLowerInvariant(),
        })]),
        ["dampeners"] = s.Dampeners.Count,
        ["expanders"] = s.Expanders.Count,
        ["fields"] = s.Fields.Count,
        ["fields_that_do_not_differ"] = s.Constant,
        ["perfect"] = s.Perfect,
        ["assignments"] = s.Assignments,
        ["assignments_are_all"] = s.AreAll,
        ["seed"] = s.AreAll ? null : ModelStatuses.Seed,
        ["mean_perfect_by_chance"] = s.MeanPerfect,
        ["family_wise_p_of_a_perfect_split"] = s.AnyPerfect,
        ["p_of_as_many_perfect"] = s.AsManyPerfect,
        ["in_words"] = new JsonArray([.. SeparationText.Paragraphs(s).Select(text => JsonValue.Create(text))]),
        ["separating"] = new JsonArray([.. s.Fields.Select(f => new JsonObject
        {
            ["field"] = f.Field.Name,
            ["question"] = f.Question.Text,
            ["yes_dampens"] = f.YesDampens,
            ["errors"] = f.Errors,
            ["p"] = f.P,
            ["family_p"] = f.FamilyP,
        })]),
    };
}
