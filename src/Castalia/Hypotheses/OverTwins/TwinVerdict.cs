using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>What networks trained under controlled differences say of a hypothesis. It stands beside the verdict over models.</summary>
sealed record TwinVerdict
{
    /// <summary>The hypothesis' id.</summary>
    public required string Id { get; init; }

    /// <summary>The rules.</summary>
    public required TwinRules Rules { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>Commands that would carry out the studies that are not there.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The studies that it rests on.</summary>
    public required IReadOnlyList<TwinTable> Studies { get; init; }

    /// <summary>Names of those of them that are the user's own.</summary>
    public required IReadOnlyList<string> Own { get; init; }

    /// <summary>Rows of the queries.</summary>
    public required IReadOnlyList<EvidenceTable> Evidence { get; init; }

    /// <summary>What each test gave.</summary>
    public required IReadOnlyList<TestOutcome> Outcomes { get; init; }

    /// <summary>Whether the rule of support holds; null where that turns on something undefined, and without such a rule.</summary>
    public required bool? SupportHolds { get; init; }

    /// <summary>The same of the rule of falsification.</summary>
    public required bool? FalsificationHolds { get; init; }

    /// <summary>How strong the evidence is; null without any.</summary>
    public required string? Strength { get; init; }

    /// <summary>What weakens the figures it rests on.</summary>
    public required IReadOnlyList<string> Cautions { get; init; }

    /// <summary>What it cannot say; null without evidence.</summary>
    public required string? Limits { get; init; }

    /// <summary>How many networks of how many seeds, how large, trained on how much; null without any.</summary>
    public string? Scale => Studies.Count == 0 ? null : $"Over {string.Join("; ", Studies.Select(ScaleOf))}.";

    /// <summary>"wiring: 20 networks, 5 seeds in each of 4 cells, 215,000 parameters, 0.6 million tokens each".</summary>
    static string ScaleOf(TwinTable table) => $"{table.Plan}: {TwinScale.Of(table)}";
}
