using Castalia.Architectures;
using Castalia.DoFiles;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Sweeps;

/// <summary>What a task can be: the first four are done with one checkpoint each, an audit with all revisions of a model, and twins are trained.</summary>
enum TaskVerb
{
    Measure,
    Explain,
    Intervene,
    Dynamics,
    Audit,
    Twins,
}

/// <summary>Prompts that a plan names.</summary>
/// <param name="Name">The set, or the file as it was named.</param>
/// <param name="Texts">The prompts.</param>
/// <param name="Hash">SHA-256 of them.</param>
sealed record PlannedPrompts(string Name, IReadOnlyList<Prompt> Texts, string Hash);

/// <summary>What is done with a checkpoint, all but the checkpoint.</summary>
sealed record SweepTask
{
    /// <summary>The verb.</summary>
    public required TaskVerb Verb { get; init; }

    /// <summary>The prompts.</summary>
    public required PlannedPrompts Given { get; init; }

    /// <summary>What the run calls its prompts.</summary>
    public string PromptSet => Given.Name;

    /// <summary>The prompts themselves.</summary>
    public IReadOnlyList<Prompt> Prompts => Given.Texts;

    /// <summary>What is put around a text.</summary>
    public BosPolicy Bos { get; init; }

    /// <summary>Whether every position has rows of its own.</summary>
    public bool AllPositions { get; init; }

    /// <summary>Which GELU.</summary>
    public GeluChoice Activation { get; init; }

    /// <summary>Entropy after every block: of measure.</summary>
    public bool LogitLens { get; init; }

    /// <summary>last, all, or indices: of explain and dynamics.</summary>
    public string Blocks { get; init; } = "last";

    /// <summary>Every neuron and dimension is kept: of explain.</summary>
    public bool AllParts { get; init; }

    /// <summary>What weights alone say is read: of explain.</summary>
    public bool Weights { get; init; }

    /// <summary>Texts to compare with: of explain; null for none.</summary>
    public PlannedPrompts? Reference { get; init; }

    /// <summary>The interventions: of intervene.</summary>
    public IReadOnlyList<DoFile> Do { get; init; } = [];

    /// <summary>Seed of bootstraps and random directions.</summary>
    public long Seed { get; init; }

    /// <summary>SHA-256 of everything of it that decides a figure.</summary>
    public required string Key { get; init; }

    /// <summary>For people: "measure standard-25, all positions".</summary>
    public required string Label { get; init; }
}
