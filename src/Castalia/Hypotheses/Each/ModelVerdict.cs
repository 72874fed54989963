namespace Castalia.Hypotheses.Each;

/// <summary>What the data of one model say of a hypothesis.</summary>
sealed record ModelVerdict
{
    /// <summary>What the model is called.</summary>
    public required string Model { get; init; }

    /// <summary>By what it is told from others.</summary>
    public required string Identity { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>Commands that would make the runs that are not there.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Runs it rests on, in the order of the file.</summary>
    public required IReadOnlyList<(RunNeed Need, string Run)> Runs { get; init; }

    /// <summary>What each test gave.</summary>
    public required IReadOnlyList<TestOutcome> Outcomes { get; init; }

    /// <summary>Whether the rule of support holds; null where that turns on something undefined, and without such a rule.</summary>
    public required bool? SupportHolds { get; init; }

    /// <summary>The same of the rule of falsification.</summary>
    public required bool? FalsificationHolds { get; init; }

    /// <summary>How strong the evidence is; null where the hypothesis does not apply.</summary>
    public required string? Strength { get; init; }

    /// <summary>What weakens the figures it rests on.</summary>
    public required IReadOnlyList<string> Cautions { get; init; }

    /// <summary>What it cannot say; null where nothing needs saying.</summary>
    public required string? Limits { get; init; }

    /// <summary>Do-files whose interventions it used, each once.</summary>
    public IReadOnlyList<string> Interventions => [.. Runs.SelectMany(run => run.Need.Do).Distinct(StringComparer.Ordinal)];
}
