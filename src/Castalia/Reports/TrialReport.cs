using Castalia.Hypotheses.Each;
using Castalia.Reports.Pages;

namespace Castalia.Reports;

/// <summary>What <c>castalia test</c> prints for people: the verdict of one model, what it rests on, and the verdict over all.</summary>
static class TrialReport
{
    /// <summary>The page.</summary>
    /// <param name="trials">At least one.</param>
    /// <param name="source">What the verdicts over all were given over.</param>
    public static Page Of(IReadOnlyList<Trial> trials, string source) => new(trials.SelectMany((trial, i) => i == 0 ? Of(trial, source) : Of(trial, source).Prepend(new Gap())));

    static IEnumerable<PageBlock> Of(Trial trial, string source)
    {
        var h = trial.Verdict.Hypothesis;
        yield return new Heading($"{h.Id}: {h.Title}") { Indent = 2 };
        yield return new Paragraph(h.Claim);
        if (trial.Model is { } model)
        {
            foreach (var block in ModelVerdictsPart.AtLength(h, model, trial.Made)) yield return block;
        }
        else
        {
            yield return new Gap();
            yield return new Heading($"{trial.Label} by itself: {HypothesesReport.Word(trial.Kind)}", 2);
            yield return new Paragraph(trial.Why);
        }
        yield return new Gap();
        yield return new Heading($"Over {source}: {HypothesesReport.Word(trial.Verdict.Kind)}", 2);
        yield return new Paragraph(trial.Verdict.Why);
        if (h.Each is { } each) yield return HypothesesReport.Labelled([("one model", ModelVerdictsPart.Rules(each))]);
    }
}
