using System.Text;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Hypotheses;

/// <summary>One verdict with everything it rests on, for a person.</summary>
static class VerdictText
{
    const int MostRows = 10;

    /// <summary>The page.</summary>
    /// <param name="v">The verdict.</param>
    /// <param name="source">What it was given over.</param>
    /// <param name="width">Columns.</param>
    public static string Of(Verdict v, string source, int width)
    {
        var h = v.Hypothesis;
        var text = new StringBuilder();
        text.Append(Wrapped.Of($"{h.Id}: {h.Title}", width)).Append($"  {VerdictsText.Word(v.Kind)}, over {source}\n\n");
        Entry("why", v.Why);
        Entry("strength", v.Strength);
        Entry("caution", v.Cautions.Count == 0 ? null : $"{string.Join(". ", v.Cautions)}.");
        Entry("limits", v.Limits);
        Entry("missing", v.Missing.Count == 0 ? null : string.Join("; ", v.Missing));
        text.Append('\n');
        text.Append(ClaimText.Entries(h, width, Holds(v.SupportHolds), Holds(v.FalsificationHolds)));
        if (v.Models is { } models)
        {
            text.Append(Models(models, width));
            if (models.Used.Count > 0)
                foreach (var outcome in v.Outcomes) text.Append(OutcomeText.Of(outcome, h, width));
            foreach (var table in v.Evidence) text.Append(Evidence(table, width));
        }
        return text.ToString();

        void Entry(string label, string? value)
        {
            if (value is not null) text.Append(ClaimText.Entry(label, value, width));
        }
    }

    static string Holds(bool? rule) => rule is { } known ? known ? ": it is" : ": it is not" : ": not known";

    static string Models(ModelChoices models, int width)
    {
        var text = new StringBuilder();
        if (models.Used.Count > 0)
            text.Append("\nModels\n").Append(TextTable.Of(["model", "run", "prompts"],
                [.. models.Used.Select(m => (IReadOnlyList<string>)[m.Model, m.Run, m.Prompts is { } n ? Figures.Count(n) : Figures.Missing])], width));
        if (models.LeftOut.Count > 0)
            text.Append(Wrapped.Of($"Left out, too few prompts: {string.Join(", ", models.LeftOut.Select(m => $"{m.Model} ({m.Prompts})"))}.", width));
        foreach (string reason in models.Reasons) text.Append(Wrapped.Of($"Not compared: {reason}.", width));
        if (models.PromptSet is { } set) text.Append(Wrapped.Of($"All read on the same prompts: {set}.", width));
        foreach (var again in models.Used.Where(m => m.OtherRuns.Count > 0))
            text.Append(Wrapped.Of($"{again.Model} is counted once; it is also in {string.Join(", ", again.OtherRuns)}.", width));
        return text.ToString();
    }

    static string Evidence(EvidenceTable table, int width)
    {
        string head = $"\nEvidence {table.Name}: {Figures.Of(table.Rows.Count, "row")}";
        if (table.Rows.Count == 0) return head + "\n";
        if (table.Rows.Count > MostRows) head += $", the first {MostRows} here, all in --json";
        return head + "\n" + TextTable.Of([.. table.Columns.Select(c => c.Name)],
            [.. table.Rows.Take(MostRows).Select(row => (IReadOnlyList<string>)[.. row.Select(Cell)])], width);
    }

    static string Cell(object? value) => value switch
    {
        null => Figures.Missing,
        double number when number == Math.Round(number) && Math.Abs(number) < 1e15 => number.ToString("0;−0", System.Globalization.CultureInfo.InvariantCulture),
        double number => TestFigures.Signed(number),
        bool truth => truth ? "yes" : "no",
        _ => FormattableString.Invariant($"{value}"),
    };
}
