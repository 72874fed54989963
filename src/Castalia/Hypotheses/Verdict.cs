using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.Measures;
using Castalia.Hypotheses.OverTwins;

namespace Castalia.Hypotheses;

/// <summary>What the data say of a hypothesis.</summary>
public enum VerdictKind
{
    /// <summary>Its rule of support holds, on enough data, and no measurement is waited for.</summary>
    Supported,
    /// <summary>Its rule of falsification holds, on enough data.</summary>
    Falsified,
    /// <summary>Neither, or too few data, or a measurement is missing.</summary>
    Undecided,
}

/// <summary>A verdict with everything it rests on.</summary>
sealed record Verdict
{
    /// <summary>The hypothesis.</summary>
    public required Hypothesis Hypothesis { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What is missing for a verdict, or for a firmer one.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The models it rests on; null without evidence.</summary>
    public required ModelChoices? Models { get; init; }

    /// <summary>Rows of the queries that belong to those models.</summary>
    public required IReadOnlyList<EvidenceTable> Evidence { get; init; }

    /// <summary>What each test gave.</summary>
    public required IReadOnlyList<TestOutcome> Outcomes { get; init; }

    /// <summary>What each model says by itself; empty where the hypothesis has no rules for one model, or there are no runs that they read.</summary>
    public required IReadOnlyList<ModelVerdict> Each { get; init; }

    /// <summary>What twins say; null where the hypothesis has no rules over them.</summary>
    public required TwinVerdict? Twins { get; init; }

    /// <summary>Whether the rule of support holds; null where that turns on something undefined, and without such a rule.</summary>
    public required bool? SupportHolds { get; init; }

    /// <summary>The same of the rule of falsification.</summary>
    public required bool? FalsificationHolds { get; init; }

    /// <summary>How strong the evidence is; null without any.</summary>
    public required string? Strength { get; init; }

    /// <summary>What weakens the figures it rests on: few clusters, rows of one prompt that count as independent.</summary>
    public required IReadOnlyList<string> Cautions { get; init; }

    /// <summary>What the verdict cannot say; null where nothing needs saying.</summary>
    public required string? Limits { get; init; }
}

/// <summary>What a test gave: one result, or one for each model.</summary>
/// <param name="Test">The test.</param>
/// <param name="Results">By model, in order; one with a null model for tests over all.</param>
sealed record TestOutcome(Measure Test, IReadOnlyList<(string? Model, MeasureResult Result)> Results);
