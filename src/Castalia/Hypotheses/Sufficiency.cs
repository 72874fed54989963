using Castalia.Hypotheses.Measures;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>Whether the rows that a test can use still come from as many models and prompts as the hypothesis requires: rows without a value must not make fewer data enough.</summary>
static class Sufficiency
{
    /// <summary>Why a test rests on too few data; null where it does not.</summary>
    /// <param name="test">The test.</param>
    /// <param name="requires">The fewest data.</param>
    /// <param name="table">The table it is taken of.</param>
    /// <param name="rows">Those of its rows that count.</param>
    public static string? Missing(Measure test, Requirement requires, EvidenceTable table, IReadOnlyList<object?[]> rows)
    {
        object?[][] usable = [.. rows.Where(row => IsUsable(test, table, row))];
        if (test.From is null) // one row for each model
            return usable.Length < requires.Models ? $"known for {Figures.Of(usable.Length, "model")} only, {requires.Models} required" : null;
        var prompts = usable.GroupBy(table.Model).Select(model => (Model: model.Key, Prompts: table.Prompts(model))).ToList();
        var enough = prompts.Where(model => requires.Prompts is not { } least || model.Prompts is not { } there || there >= least).ToList();
        if (test.PerModel)
            return enough.Count > 0 ? null : $"values of {Figures.Of(prompts.FirstOrDefault().Prompts ?? 0, "prompt")} only, {requires.Prompts ?? 1} required";
        return enough.Count < requires.Models ? $"values of {Figures.Of(enough.Count, "model")} only, {requires.Models} required" : null;
    }

    static bool IsUsable(Measure test, EvidenceTable table, object?[] row) =>
        ColumnCheck.Columns(test).All(column => row[table.IndexOf(column.Name)] is not null)
        && (test.Where is not { } where || new MeasureRows(table, [row]).Hold(where.Condition)[0] is not null);
}
