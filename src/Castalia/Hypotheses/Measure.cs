using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Measures;
using Castalia.Hypotheses.Reading;
using Castalia.Statistics;

namespace Castalia.Hypotheses;

/// <summary>A statistic asked of the rows of a query: a test as its file states it.</summary>
/// <param name="Name">Its name in conditions.</param>
/// <param name="Statistic">Which of the closed list.</param>
/// <param name="Place">Where it stands.</param>
sealed record Measure(string Name, Statistic Statistic, string Place)
{
    /// <summary>The query whose rows it is taken over; null: over the models, one row each, of facts and earlier results.</summary>
    public string? From { get; init; }

    /// <summary>Once for each model rather than once over all rows.</summary>
    public bool PerModel { get; init; }

    /// <summary>Whether p-values are adjusted by Holm across the models; of tests per model only.</summary>
    public bool Holm { get; init; }

    /// <summary>The outcome.</summary>
    public Column? Of { get; init; }

    /// <summary>What it is related to.</summary>
    public Column? On { get; init; }

    /// <summary>Numbers held fixed.</summary>
    public IReadOnlyList<Column> Given { get; init; } = [];

    /// <summary>Categories held fixed: an indicator for each but the first.</summary>
    public IReadOnlyList<Column> Within { get; init; } = [];

    /// <summary>What rows that are not independent share.</summary>
    public Column? Clusters { get; init; }

    /// <summary>Crossed factors.</summary>
    public IReadOnlyList<Column> Factors { get; init; } = [];

    /// <summary>What readings are compared within, such as the seed.</summary>
    public Column? Block { get; init; }

    /// <summary>Names of its results: the statistic's, and how many clusters there are where it has some.</summary>
    public IReadOnlyList<string> Fields => Statistic.FieldsOf is { } own ? own(this) : Clusters is null || Statistic.Fields.Contains("clusters") ? Statistic.Fields : [Statistic.Fields[0], "clusters", .. Statistic.Fields.Skip(1)];

    /// <summary>Which rows count.</summary>
    public Rule? Where { get; init; }

    /// <summary>The mean under the null hypothesis.</summary>
    public double Against { get; init; }

    /// <summary>The difference that counts as none.</summary>
    public double Margin { get; init; }

    /// <summary>The height that is passed.</summary>
    public double At { get; init; }

    /// <summary>What steps of the levels are measured in.</summary>
    public LevelScale Scale { get; init; }

    /// <summary>Standard error of each row's reading.</summary>
    public Column? Error { get; init; }

    /// <summary>Lower end of each row's interval.</summary>
    public Column? Low { get; init; }

    /// <summary>Upper end.</summary>
    public Column? High { get; init; }

    /// <summary>Which correlation.</summary>
    public string? Method { get; init; }

    /// <summary>Whether outcome and predictor are divided by their standard deviations first.</summary>
    public bool Standardised { get; init; }

    /// <summary>"mlp: slope of gain on entropy given tokens from rows": name, statistic and rows, as people say it.</summary>
    public string InWords
    {
        get
        {
            List<string> words = [$"{Name}: {(Method is { } method ? $"{method} " : "")}{(Standardised ? "standardised " : "")}{Statistic.Name}"];
            if (Of is { } of) words.Add($"of {of.Name}");
            if (On is { } on) words.Add($"on {on.Name}");
            if (Scale == LevelScale.Log) words.Add("(log)");
            if (Factors.Count > 0) words.Add($"by {string.Join(" × ", Factors.Select(c => c.Name))}");
            if (Given.Count > 0) words.Add($"given {string.Join(", ", Given.Select(c => c.Name))}");
            if (Within.Count > 0) words.Add($"within {string.Join(", ", Within.Select(c => c.Name))}");
            if (Clusters is { } clusters) words.Add($"clustered by {clusters.Name}");
            if (Block is { } block) words.Add($"in blocks by {block.Name}");
            if (Statistic.Required.Contains("margin")) words.Add(FormattableString.Invariant($"margin {Margin}"));
            if (Statistic.Required.Contains("at")) words.Add(FormattableString.Invariant($"at {At}"));
            if (Statistic.Required.Contains("against")) words.Add(FormattableString.Invariant($"against {Against}"));
            if (Where is { } where) words.Add($"where {ConditionText.Of(where.Condition)}");
            words.Add(From is { } from ? $"from {from}" : "over the models");
            return string.Join(' ', words) + (Holm ? "; p_holm over the models" : "");
        }
    }
}

/// <summary>A column of a query that a test uses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key that names it.</param>
/// <param name="Place">Where that stands.</param>
sealed record Column(string Name, string Key, string Place);
