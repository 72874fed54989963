using System.Globalization;
using System.Text;
using Castalia.Hypotheses.Separation;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Hypotheses;

/// <summary>Which architecture fields split dampeners from expanders, and what chance does, for a person.</summary>
static class SeparationText
{
    const int MostImperfect = 10;

    /// <summary>The page.</summary>
    /// <param name="models">Every model with its status.</param>
    /// <param name="s">The search.</param>
    /// <param name="source">Where the models are.</param>
    /// <param name="width">Columns.</param>
    public static string Of(IReadOnlyList<ModelStatus> models, FieldSeparation s, string source, int width)
    {
        var text = new StringBuilder($"Architecture fields that split dampeners from expanders, over {source}\n\n");
        text.Append(TextTable.Of(["model", "run", "prompts", "mean gain", "95 %", "status"], [.. models.Select(m => (IReadOnlyList<string>)
            [m.Choice.Model, m.Choice.Run, $"{m.Choice.Prompts}", m.Mean.Value is { } mean ? Figures.Real(mean) : Figures.Missing, Figures.Interval(m.Interval95), m.Status.ToString().ToLowerInvariant()])], width));
        if (models.Any(m => m.Status is GainStatus.Neutral or GainStatus.Undefined)) text.Append(Wrapped.Of("Neutral and undefined models are on neither side and were left out.", width));
        text.Append('\n');
        foreach (string paragraph in Paragraphs(s)) text.Append(Wrapped.Of(paragraph, width));
        var perfect = s.Fields.Where(f => f.Errors == 0).ToList();
        if (perfect.Count > 0) text.Append("\nFields that split them without an error\n").Append(Table(perfect, width));
        var imperfect = s.Fields.Where(f => f.Errors > 0).Take(MostImperfect).ToList();
        if (imperfect.Count > 0) text.Append($"\nThe best of the other {Figures.Of(s.Fields.Count - perfect.Count, "field")}\n").Append(Table(imperfect, width));
        text.Append('\n').Append(Wrapped.Of("p: share of the assignments in which the field does as well. family p: share in which any field does as well for its kind (min-p of Westfall and Young); judge by this one, since the fields were searched.", width));
        return text.ToString();
    }

    /// <summary>What the search comes to, in plain words.</summary>
    public static IEnumerable<string> Paragraphs(FieldSeparation s)
    {
        int n = s.Dampeners.Count + s.Expanders.Count, fewer = Math.Min(s.Dampeners.Count, s.Expanders.Count);
        string rarer = s.Dampeners.Count <= s.Expanders.Count ? "dampener" : "expander";
        yield return $"{s.Dampeners.Count} of {n} models dampen{(s.Dampeners.Count == 1 ? "s" : "")}, {s.Expanders.Count} expand{(s.Expanders.Count == 1 ? "s" : "")}. Of the {s.Fields.Count} fields that differ among them " +
            $"({s.Constant} are the same in all or unknown), {Figures.Of(s.Perfect, "field")} split{(s.Perfect == 1 ? "s" : "")} the two without an error. Calling every model by the commoner name makes {Figures.Of(fewer, "error")}.";
        string ways = s.AreAll
            ? $"of all {Figures.Count(s.Assignments)} ways to say which {s.Dampeners.Count} of the {n} dampen"
            : $"of {Figures.Count(s.Assignments)} random ways (seed {ModelStatuses.Seed}) to say which {s.Dampeners.Count} of the {n} dampen";
        yield return $"By chance: {ways}, {Percent(s.AnyPerfect)} are split without an error by at least one field (family-wise p = {TestFigures.P(s.AnyPerfect)}), on average by {Figures.Real(s.MeanPerfect)} fields" +
            (s.AsManyPerfect is { } asMany ? $"; {Percent(asMany)} by as many as here or more." : ".");
        if (fewer == 1)
            yield return $"With one {rarer}, every field in which that model stands out, by a value of its own or by the largest or the smallest, splits it from the rest. " +
                $"Nearly any model stands out in something, so these fields say nothing of why it {(rarer == "dampener" ? "dampens" : "expands")}.";
        double least = 1 / LabelAssignments.Count(n, fewer);
        if (least > 0.05)
            yield return $"Even one field named beforehand could not reach p below {TestFigures.P(least)} with these models; it takes more {rarer}s.";
        else if (s.AnyPerfect > 0.05)
            yield return "A perfect split is not rare by chance with so many fields to choose from; take it for a question to ask of further models, not for an answer.";
    }

    static string Table(IReadOnlyList<SeparatingField> fields, int width) => TextTable.Of(["dampens if", "errors", "p", "family p"],
        [.. fields.Select(f => (IReadOnlyList<string>)[f.YesDampens ? f.Question.Text : $"not ({f.Question.Text})", $"{f.Errors}", TestFigures.P(f.P), TestFigures.P(f.FamilyP)])], width);

    static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";
}
