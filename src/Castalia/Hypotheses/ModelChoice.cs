using Castalia.Reports;

namespace Castalia.Hypotheses;

/// <summary>A model that a verdict rests on, and the run it is taken from.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Run">The run.</param>
/// <param name="Prompts">Prompts of it there; null where no query counts them.</param>
/// <param name="OtherRuns">Runs that have it too, and are not used.</param>
sealed record ModelChoice(string Model, string Run, int? Prompts, IReadOnlyList<string> OtherRuns);

/// <summary>Which model of which run is used: each model once, from the run with the most prompts, so that measuring it again makes no second model of it.</summary>
/// <param name="Used">Models with enough prompts, by name.</param>
/// <param name="LeftOut">Models with too few, each with its prompts.</param>
sealed record ModelChoices(IReadOnlyList<ModelChoice> Used, IReadOnlyList<ModelChoice> LeftOut)
{
    /// <summary>Chooses among what every query has rows of.</summary>
    /// <param name="requires">The fewest data.</param>
    /// <param name="tables">The queries.</param>
    public static ModelChoices Of(Requirement requires, IReadOnlyCollection<EvidenceTable> tables)
    {
        var grouped = tables.Select(table => (Table: table, Rows: table.Rows.ToLookup(row => (Run: table.Run(row), Model: table.Model(row))))).ToList();
        var pairs = grouped.Select(g => g.Rows.Select(rows => rows.Key)).Aggregate((a, b) => a.Intersect(b));
        var all = pairs
            .Select(pair => (pair.Model, pair.Run, Prompts: grouped.Min(g => g.Table.Prompts(g.Rows[pair])))) // Min passes over null
            .GroupBy(pair => pair.Model, StringComparer.Ordinal)
            .OrderBy(model => model.Key, StringComparer.Ordinal)
            .Select(model =>
            {
                var runs = model.OrderByDescending(pair => pair.Prompts).ThenByDescending(pair => pair.Run, StringComparer.Ordinal).ToList();
                return new ModelChoice(model.Key, runs[0].Run, runs[0].Prompts, [.. runs.Skip(1).Select(pair => pair.Run)]);
            }).ToList();
        bool Enough(ModelChoice choice) => requires.Prompts is not { } least || choice.Prompts >= least;
        return new([.. all.Where(Enough)], [.. all.Where(choice => !Enough(choice))]);
    }

    /// <summary>The rows of a table that belong to the models used.</summary>
    public EvidenceTable Of(EvidenceTable table)
    {
        var used = Used.Select(choice => (choice.Run, choice.Model)).ToHashSet();
        return table with { Rows = [.. table.Rows.Where(row => used.Contains((table.Run(row), table.Model(row))))] };
    }

    /// <summary>What is missing; null where there is enough.</summary>
    public string? Missing(Requirement requires)
    {
        if (Used.Count >= requires.Models) return null;
        string with = requires.Prompts is { } prompts ? $" with at least {Figures.Of(prompts, "prompt")}" : "";
        string few = LeftOut.Count == 0 ? "" : $" (too few prompts: {string.Join(", ", LeftOut.Select(m => $"{m.Model} {m.Prompts}"))})";
        return $"{Figures.Of(requires.Models, "model")}{with} needed, {Used.Count} there{few}";
    }
}
