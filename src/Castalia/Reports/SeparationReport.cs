using Castalia.Hypotheses;
using Castalia.Hypotheses.Separation;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>Which architecture fields split dampeners from expanders, and what chance does, for people.</summary>
static class SeparationReport
{
    const int MostImperfect = 10;

    /// <summary>The page.</summary>
    /// <param name="models">Every model with its status.</param>
    /// <param name="s">The search.</param>
    /// <param name="choices">Which models were compared.</param>
    /// <param name="source">Where the models are.</param>
    public static Page Of(IReadOnlyList<ModelStatus> models, FieldSeparation s, ModelChoices choices, string source) => new(Blocks(models, s, choices, source));

    static IEnumerable<PageBlock> Blocks(IReadOnlyList<ModelStatus> models, FieldSeparation s, ModelChoices choices, string source)
    {
        yield return new Heading($"Architecture fields that split dampeners from expanders, over {source}");
        yield return new Gap();
        yield return new Table(["model", "run", "prompts", "mean gain", "95 %", "status"], [.. models.Select(IReadOnlyList<Cell> (m) =>
        [
            m.Choice.Model, m.Choice.Run, m.Choice.Prompts is { } prompts ? new Cell($"{prompts}", prompts) : "", Cell.Of(m.Mean, Figures.Real, "mean", m.Choice.Model),
            Cell.Of(m.Interval95, Cells.Span, "interval", m.Choice.Model), m.Status.ToString().ToLowerInvariant(),
        ])]);
        if (models.Any(m => m.Status is GainStatus.Neutral or GainStatus.Undefined)) yield return new Paragraph("Neutral and undefined models are on neither side and were left out.");
        yield return new Gap();
        foreach (string words in SeparationWords.Of(s)) yield return new Paragraph(words);
        var perfect = s.Fields.Where(f => f.Errors == 0).ToList();
        var imperfect = s.Fields.Where(f => f.Errors > 0).Take(MostImperfect).ToList();
        foreach (var (title, fields) in new[] { ("Fields that split them without an error", perfect), ($"The best of the other {Figures.Of(s.Fields.Count - perfect.Count, "field")}", imperfect) })
        {
            if (fields.Count == 0) continue;
            yield return new Gap();
            yield return new Heading(title, 2);
            yield return new Table(["dampens if", "errors", "p", "family p"], [.. fields.Select(IReadOnlyList<Cell> (f) =>
            [
                f.YesDampens ? f.Question.Text : $"not ({f.Question.Text})", new Cell($"{f.Errors}", f.Errors), Cell.Number(f.P, p => TestFigures.P(p)), Cell.Number(f.FamilyP, p => TestFigures.P(p)),
            ])]);
        }
        yield return new Gap();
        yield return new Paragraph("p: share of the assignments in which the field does as well. family p: share in which any field does as well for its kind (min-p of Westfall and Young); judge by this one, since the fields were searched.");
        foreach (string reason in choices.Reasons) yield return new Paragraph($"Not compared: {reason}.");
    }
}
