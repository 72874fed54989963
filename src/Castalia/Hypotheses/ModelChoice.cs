using Castalia.Wording;


namespace Castalia.Hypotheses;

/// <summary>A model that a verdict rests on, and the run it is taken from.</summary>
/// <param name="Model">What it is called.</param>
/// <param name="Run">The run.</param>
/// <param name="Name">Its name in that run.</param>
/// <param name="Prompts">Prompts of it there; null where no query counts them.</param>
/// <param name="OtherRuns">Runs that have it too, under that or another name, and are not used.</param>
sealed record ModelChoice(string Model, string Run, string Name, int? Prompts, IReadOnlyList<string> OtherRuns);

/// <summary>A model that a verdict does not rest on although a query has rows of it.</summary>
/// <param name="Model">What it is called.</param>
/// <param name="Run">The run.</param>
/// <param name="Because">Why not.</param>
sealed record NotCompared(string Model, string Run, string Because);

/// <summary>Which model of which run is used: models that were read on the same prompts, each once, so that measuring one again, or a link to it, makes no second model of it.</summary>
/// <remarks>
/// A verdict is over texts that tokenizers read and over one set of them: where runs have several, over the set on which the most models have enough
/// prompts, of those the one with the most prompts, then the latest. A model is its weights; of several runs of it on that set, the one with the most prompts, then the latest.
/// </remarks>
/// <param name="Used">Models with enough prompts, by name.</param>
/// <param name="LeftOut">Models with too few, each with its prompts.</param>
/// <param name="NotCompared">Models that may not be compared with those.</param>
/// <param name="PromptSet">What the models used were read on, for people; null where that is not known.</param>
sealed record ModelChoices(
    IReadOnlyList<ModelChoice> Used, IReadOnlyList<ModelChoice> LeftOut, IReadOnlyList<NotCompared> NotCompared, string? PromptSet)
{
    const int Named = 3;

    sealed record Candidate(string Run, string Name, int? Prompts, EvidenceModel Known);

    /// <summary>Chooses among what every query has rows of.</summary>
    /// <param name="requires">The fewest data.</param>
    /// <param name="queries">The models that each query has rows of, in the order of their first rows.</param>
    /// <param name="source">Where their rows are from.</param>
    public static ModelChoices Of(Requirement requires, IReadOnlyCollection<IReadOnlyList<ModelOfRows>> queries, IEvidenceSource source)
    {
        var prompts = queries.Select(models => models.ToDictionary(model => (model.Run, model.Model), model => model.Prompts)).ToList();
        var pairs = queries.Select(models => models.Select(model => (model.Run, model.Model))).Aggregate((a, b) => a.Intersect(b));
        List<Candidate> all =
        [
            .. pairs.Select(pair => new Candidate(pair.Run, pair.Model, prompts.Min(query => query[pair]), source.Model(pair.Run, pair.Model))), // Min passes over null
        ];
        var fit = all.Where(c => c.Known.Unfit is null).ToList();
        var chosen = fit.GroupBy(c => c.Known.Conditions, StringComparer.Ordinal)
            .OrderByDescending(set => set.Where(Enough).Select(c => c.Known.Identity).Distinct().Count())
            .ThenByDescending(set => set.Max(c => c.Prompts)).ThenByDescending(set => set.Max(c => c.Run), StringComparer.Ordinal)
            .FirstOrDefault();
        var models = (chosen ?? Enumerable.Empty<Candidate>()).GroupBy(c => c.Known.Identity, StringComparer.Ordinal).Select(model =>
        {
            var best = model.OrderByDescending(c => c.Prompts).ThenByDescending(c => c.Run, StringComparer.Ordinal).First(); // stable: within a run the first
            var again = all.Where(c => c.Known.Identity == model.Key && c != best).OrderByDescending(c => c.Prompts).ThenByDescending(c => c.Run, StringComparer.Ordinal);
            return (Choice: new ModelChoice(best.Known.Label, best.Run, best.Name, best.Prompts,
                [.. again.Select(c => c.Name == best.Name ? c.Run : $"{c.Run} as {c.Name}")]), Is: best);
        }).OrderBy(model => model.Choice.Model, StringComparer.Ordinal).ThenBy(model => model.Choice.Run, StringComparer.Ordinal).ToList();
        var there = models.Select(model => model.Is.Known.Identity).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. models.Where(model => Enough(model.Is)).Select(model => model.Choice)],
            [.. models.Where(model => !Enough(model.Is)).Select(model => model.Choice)],
            [
                .. all.Where(c => !there.Contains(c.Known.Identity)).DistinctBy(c => c.Known.Identity).OrderBy(c => c.Known.Label, StringComparer.Ordinal)
                    .Select(c => new NotCompared(c.Known.Label, c.Run, c.Known.Unfit ?? $"read on other prompts ({c.Known.PromptSet})")),
            ],
            chosen?.First().Known.PromptSet is { Length: > 0 } set ? set : null);

        bool Enough(Candidate c) => requires.Prompts is not { } least || c.Prompts >= least;
    }

    /// <summary>The models used, as runs have them.</summary>
    public IReadOnlySet<(string Run, string Model)> Pairs => Used.Select(choice => (choice.Run, choice.Name)).ToHashSet();

    /// <summary>The rows of a table that belong to the models used, each under what it is called.</summary>
    public EvidenceTable Of(EvidenceTable table)
    {
        var used = Used.ToDictionary(choice => (choice.Run, choice.Name), choice => choice.Model);
        int model = table.IndexOf("model");
        return table with { Rows = [.. table.Rows.Where(row => used.ContainsKey((table.Run(row), table.Model(row)))).Select(Called)] };

        object?[] Called(object?[] row)
        {
            string called = used[(table.Run(row), table.Model(row))];
            if (called == table.Model(row)) return row;
            object?[] copy = [.. row];
            copy[model] = called;
            return copy;
        }
    }

    /// <summary>Sentences on the models that may not be compared, one for each reason.</summary>
    public IEnumerable<string> Reasons => NotCompared.GroupBy(model => model.Because, StringComparer.Ordinal).Select(because =>
        $"{string.Join(", ", because.Take(Named).Select(m => m.Model))}{(because.Count() > Named ? $" and {because.Count() - Named} more" : "")}: {because.Key}");

    /// <summary>What is missing; null where there is enough.</summary>
    public string? Missing(Requirement requires)
    {
        if (Used.Count >= requires.Models) return null;
        string with = requires.Prompts is { } prompts ? $" with at least {Figures.Of(prompts, "prompt")}" : "";
        string few = LeftOut.Count == 0 ? "" : $" (too few prompts: {string.Join(", ", LeftOut.Select(m => $"{m.Model} {m.Prompts}"))})";
        string others = NotCompared.Count == 0 ? "" : $"; not compared: {string.Join("; ", Reasons)}";
        return $"{Figures.Of(requires.Models, "model")}{with} needed, {Used.Count} there{few}{others}";
    }
}
