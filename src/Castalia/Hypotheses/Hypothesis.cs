using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses;

/// <summary>A claim about models, with what would support and what would falsify it, as numbers. Read from a file; see docs/hypotheses.md.</summary>
sealed record Hypothesis
{
    /// <summary>What it is called on the command line.</summary>
    public required string Id { get; init; }

    /// <summary>The claim in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What is said to be so.</summary>
    public required string Claim { get; init; }

    /// <summary>Why it would be so.</summary>
    public required string Mechanism { get; init; }

    /// <summary>What would be seen if it were so, in words.</summary>
    public required string Prediction { get; init; }

    /// <summary>What would refute it, in words; null where the file does not say.</summary>
    public required string? Refutation { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Measurements it waits for.</summary>
    public required IReadOnlyList<Need> Needs { get; init; }

    /// <summary>Fewest models and prompts that a verdict may rest on; null without evidence.</summary>
    public required Requirement? Requires { get; init; }

    /// <summary>Queries over the views.</summary>
    public required IReadOnlyList<EvidenceQuery> Evidence { get; init; }

    /// <summary>Statistics over the rows of the queries, in an order in which each uses only earlier ones.</summary>
    public required IReadOnlyList<Measure> Tests { get; init; }

    /// <summary>When the data support it; null where nothing observed could.</summary>
    public required Rule? Supported { get; init; }

    /// <summary>When the data falsify it.</summary>
    public required Rule? Falsified { get; init; }

    /// <summary>How strong the evidence is, in results; null without evidence.</summary>
    public required Template? Strength { get; init; }

    /// <summary>What the verdict cannot say; null where nothing needs saying.</summary>
    public required Template? Limits { get; init; }

    /// <summary>What decides it for one model by itself; null where one model cannot.</summary>
    public required EachModel? Each { get; init; }

    /// <summary>What decides it over twins; null where nothing does.</summary>
    public required TwinRules? Twins { get; init; }

    /// <summary>The file it was read from.</summary>
    public required SourceText Source { get; init; }

    /// <summary>Its id in the file.</summary>
    public required string Place { get; init; }
}

/// <summary>A measurement that a hypothesis waits for.</summary>
/// <param name="Measurement">What is to be measured.</param>
/// <param name="For">The verdict that cannot be given without it.</param>
/// <param name="Met">When it is no longer waited for; null: until the file is changed.</param>
sealed record Need(string Measurement, NeededFor For, Rule? Met);

/// <summary>Which verdict a measurement is needed for.</summary>
enum NeededFor
{
    Supported,
    Falsified,
    Both,
}

/// <summary>The fewest data a verdict may rest on.</summary>
/// <param name="Models">Models.</param>
/// <param name="Prompts">Prompts of each model: a model with fewer is left out; null where prompts do not matter.</param>
/// <param name="Place">Where it stands.</param>
sealed record Requirement(int Models, int? Prompts, string Place);

/// <summary>A query over the views.</summary>
/// <param name="Name">Its name in tests and conditions.</param>
/// <param name="Sql">DuckDB SQL that gives run, model and whatever tests need.</param>
/// <param name="Text">Where it stands.</param>
sealed record EvidenceQuery(string Name, string Sql, ScalarText Text);

/// <summary>A condition that decides.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Text">Where it stands.</param>
sealed record Rule(Condition Condition, ScalarText Text);
