using Castalia.YamlFiles;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>What decides a hypothesis over networks that were trained under controlled differences, beside what decides it over models.</summary>
sealed record TwinRules
{
    /// <summary>Names of the studies whose networks count.</summary>
    public required IReadOnlyList<ScalarText> Studies { get; init; }

    /// <summary>Queries over the view twins.</summary>
    public required IReadOnlyList<EvidenceQuery> Evidence { get; init; }

    /// <summary>Statistics over their rows.</summary>
    public required IReadOnlyList<Measure> Tests { get; init; }

    /// <summary>When the networks support it; null where they could not.</summary>
    public required Rule? Supported { get; init; }

    /// <summary>When they falsify it; null likewise.</summary>
    public required Rule? Falsified { get; init; }

    /// <summary>How strong the evidence is.</summary>
    public required Template Strength { get; init; }

    /// <summary>What networks of this size cannot say.</summary>
    public required Template Limits { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Place { get; init; }

    /// <summary>p-values that a rule of support turns on: test.field.</summary>
    public IReadOnlyList<string> Deciding => Supported is not { } rule ? [] : [.. rule.Condition.Names().Select(n => n.Name.Text).Where(NamedResults.IsP).Distinct()];
}
