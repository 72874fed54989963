using Castalia.Hypotheses.Conditions;

namespace Castalia.Hypotheses.Each;

/// <summary>A hypothesis tested on one model.</summary>
/// <param name="Verdict">The verdict over all stored models, which holds what the model says by itself.</param>
/// <param name="Model">What the model says; null where the hypothesis has no rules for one model, or says nothing of this one.</param>
/// <param name="Label">What the model is called.</param>
/// <param name="Made">Names of the runs that were made for it; the others were there.</param>
sealed record Trial(Verdict Verdict, ModelVerdict? Model, string Label, IReadOnlyList<string> Made)
{
    /// <summary>The verdict on the model.</summary>
    public VerdictKind Kind => Model?.Kind ?? VerdictKind.Undecided;

    /// <summary>Why, in a sentence.</summary>
    public string Why => Model?.Why ?? (Verdict.Hypothesis.Each is null ? $"One model does not decide it. {Verdict.Why}"
        : Verdict.Hypothesis.Each.Applies is { } applies ? $"It says nothing of this model, of which {ConditionText.Of(applies.Condition)} does not hold." : "There is no run of this model that it reads.");
}

/// <summary>What <c>castalia test --json</c> prints.</summary>
sealed record TrialsDocument(string Source, IReadOnlyList<TrialDocument> Hypotheses)
{
    /// <summary>The document.</summary>
    public static TrialsDocument Of(IReadOnlyList<Trial> trials, string source) => new(source, [.. trials.Select(TrialDocument.Of)]);
}

/// <summary>A hypothesis tested on one model, and the verdict over all.</summary>
sealed record TrialDocument(
    string Id, string Title, string Model, string Verdict, string Why, string? Strength, string? Limits, IReadOnlyList<string> Cautions, IReadOnlyList<string> Missing,
    IReadOnlyList<string> Interventions, IReadOnlyList<TrialRunDocument> Runs, EachDocument? Rules, IReadOnlyList<TestDocument> Tests, OverAllDocument OverAll)
{
    public static TrialDocument Of(Trial trial)
    {
        var (h, v) = (trial.Verdict.Hypothesis, trial.Model);
        return new(
            h.Id, h.Title, trial.Label, trial.Kind.ToString().ToLowerInvariant(), trial.Why, v?.Strength, v?.Limits, v?.Cautions ?? [], v?.Missing ?? [], v?.Interventions ?? [],
            v is null ? [] : [.. v.Runs.Select(run => new TrialRunDocument(run.Need.Name, run.Run, run.Need.Command, trial.Made.Contains(run.Run)))], EachDocument.Of(h.Each),
            v is null ? [] : [.. v.Outcomes.Select(TestDocument.Of)], new(trial.Verdict.Kind.ToString().ToLowerInvariant(), trial.Verdict.Why));
    }
}

/// <summary>A run that a trial reads: whether it was made for it or was there.</summary>
sealed record TrialRunDocument(string Name, string Run, string Command, bool Made);

/// <summary>The verdict over all stored models.</summary>
sealed record OverAllDocument(string Verdict, string Why);
