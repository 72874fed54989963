using System.Text.RegularExpressions;
using Castalia.Hypotheses.Measures;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>What a reader must be told of rows that are not independent, and of clusters that are few.</summary>
static partial class Dependence
{
    /// <summary>Fewer clusters than this make CR1 errors and bootstraps over clusters too small (Cameron and Miller 2015 put the line at 20 to 50).</summary>
    public const int FewClusters = 20;

    /// <summary>That a test without clusters or blocks takes several rows of one prompt for independent; null where it does not.</summary>
    /// <param name="test">The test.</param>
    /// <param name="sql">The query that its rows are of; null over the models.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">Its rows that count.</param>
    public static string? Of(Measure test, string? sql, EvidenceTable table, IReadOnlyList<object?[]> rows)
    {
        if (test.Clusters is not null || test.Block is not null || sql is null) return null;
        int prompts = 0;
        bool known = true, several = false;
        foreach (var model in rows.GroupBy(table.Model))
        {
            int? there = table.Prompts(model);
            known &= there is not null;
            prompts += there ?? 0;
            several |= there is { } n ? model.Count() > n : model.Count() > 1 && Positions().IsMatch(sql);
        }
        return !several ? null
            : known ? $"{Figures.Of(rows.Count, "row")} of {Figures.Of(prompts, "prompt")} count as independent, which rows of one prompt are not{Remedy(test)}"
            : $"{Figures.Of(rows.Count, "row")} of the view positions count as independent, which positions of one prompt are not: no column says of which prompt they are";
    }

    static string Remedy(Measure test) => test.Statistic.Optional.Contains("clusters") ? ": name what they share in 'clusters'"
        : test.Statistic == CorrelationStatistic.Partial ? ": a slope with 'given' takes 'clusters'" : "";

    /// <summary>What a verdict rests on that weakens it: few clusters, and rows of one prompt taken for independent.</summary>
    public static IReadOnlyList<string> Cautions(IReadOnlyList<TestOutcome> outcomes) =>
    [
        .. from outcome in outcomes
           where outcome.Test.Clusters is not null
           let counts = outcome.Results.Select(r => r.Result.Fields["clusters"].Value).OfType<double>().ToList()
           where counts.Count > 0 && counts.Min() < FewClusters
           let range = counts.Min() == counts.Max() ? Figures.Count((long)counts.Min()) : $"{Figures.Count((long)counts.Min())} to {Figures.Count((long)counts.Max())}"
           group outcome.Test.Name by $"{range} cluster{(counts.Max() == 1 ? "" : "s")} ({outcome.Test.Clusters!.Name})" into tests
           select $"{string.Join(", ", tests)} {(tests.Count() == 1 ? "rests" : "rest")} on {tests.Key}, fewer than {FewClusters}: " +
               $"{(tests.Count() == 1 ? "its intervals are too narrow and its p" : "their intervals are too narrow and their p")} too small",
        .. outcomes.SelectMany(outcome => outcome.Results.Select(r => r.Result.Dependence).OfType<string>().Distinct().Take(1).Select(note => $"{outcome.Test.Name}: {note}")),
    ];

    [GeneratedRegex(@"\bpositions\b", RegexOptions.IgnoreCase)]
    private static partial Regex Positions();
}
