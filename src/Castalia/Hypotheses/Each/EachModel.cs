namespace Castalia.Hypotheses.Each;

/// <summary>What decides a hypothesis for one model by itself, beside what decides it for all.</summary>
sealed record EachModel
{
    /// <summary>Runs that it reads, by name.</summary>
    public required IReadOnlyList<RunNeed> Runs { get; init; }

    /// <summary>What must hold of a model's description so that the hypothesis says something of it; null: of any.</summary>
    public required Rule? Applies { get; init; }

    /// <summary>Queries over the views, each with the runs whose rows count.</summary>
    public required IReadOnlyList<RunQuery> Evidence { get; init; }

    /// <summary>Statistics over the rows of one model.</summary>
    public required IReadOnlyList<Measure> Tests { get; init; }

    /// <summary>When one model's data support it; null where one model's could not.</summary>
    public required Rule? Supported { get; init; }

    /// <summary>When one model's data falsify it; null likewise.</summary>
    public required Rule? Falsified { get; init; }

    /// <summary>How strong a model's evidence is.</summary>
    public required Template Strength { get; init; }

    /// <summary>What a model's verdict cannot say; null where nothing needs saying.</summary>
    public required Template? Limits { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Place { get; init; }

    /// <summary>Do-files that its runs need, each once.</summary>
    public IReadOnlyList<string> DoFiles => [.. Runs.SelectMany(run => run.Do).Distinct(StringComparer.Ordinal)];
}

/// <summary>A query, and the runs whose rows count in it.</summary>
/// <param name="Query">The query.</param>
/// <param name="From">Names of the runs, at least one.</param>
sealed record RunQuery(EvidenceQuery Query, IReadOnlyList<string> From);
