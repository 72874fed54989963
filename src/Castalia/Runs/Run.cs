using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>What a person chose for a run.</summary>
sealed record RunOptions
{
    /// <summary>Worker threads; results do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary>What is put around a text.</summary>
    public required BosPolicy Bos { get; init; }

    /// <summary>A row of readings for every position, and entropy at each.</summary>
    public required bool AllPositions { get; init; }

    /// <summary>Entropy after every block.</summary>
    public required bool LogitLens { get; init; }

    /// <summary>Which GELU is computed.</summary>
    public GeluChoice Activation { get; init; }

    /// <summary>Seed of every bootstrap.</summary>
    public required long Seed { get; init; }
}

/// <summary>One model of a run: where it came from and what was read from it.</summary>
sealed record ModelRun
{
    /// <summary>Short name, unique in the run.</summary>
    public required string Name { get; init; }

    /// <summary>The checkpoint's path, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Where on the hub it came from; null where a path was named.</summary>
    public HubOrigin? Hub { get; init; }

    /// <summary>Its container.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<CheckpointFile> Files { get; init; }

    /// <summary>Where the tensors that the arithmetic reads lie, so that they can be hashed; null where there are no files.</summary>
    public WeightsLayout? Weights { get; init; }

    /// <summary>config.json as it stands; for GGUF the metadata without its arrays; null where there is neither.</summary>
    public required JsonObject? Config { get; init; }

    /// <summary>The description that drove the forward pass, as <c>castalia describe --json</c> prints it.</summary>
    public required JsonObject Description { get; init; }

    /// <summary>The tokenizer; null where the model has none.</summary>
    public required ITokenizer? Tokenizer { get; init; }

    /// <summary>Why the tokenizer that the checkpoint has was not read; null where it was read or there is none.</summary>
    public string? TokenizerUnreadBecause { get; init; }

    /// <summary>The readings.</summary>
    public required Measurement Measurement { get; init; }

    /// <summary>Last-layer gain theory predicts for this untrained network; null for a model that was named.</summary>
    public double? TheoreticalGain { get; init; }
}

/// <summary>One invocation: some models measured on one set of prompts.</summary>
sealed record Run
{
    /// <summary>When it began, UTC.</summary>
    public required DateTime StartedUtc { get; init; }

    /// <summary>What was chosen.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The set's name, or the prompt file's path.</summary>
    public required string PromptSet { get; init; }

    /// <summary>Files that say what was done beside measuring, with their hashes; the manifest states them.</summary>
    public IReadOnlyList<(string Name, string Sha256)> DoFiles { get; init; } = [];

    /// <summary>What figures were derived from beside the prompts, for the manifest; null for nothing.</summary>
    public JsonObject? Derived { get; init; }

    /// <summary>The models, at least one.</summary>
    public required IReadOnlyList<ModelRun> Models { get; init; }

    /// <summary>What was attributed; null where nothing was.</summary>
    public ExplainChoice? Explained { get; init; }
}

/// <summary>What a person chose to have explained.</summary>
/// <param name="Blocks">last, all, or indices from 0.</param>
/// <param name="AllParts">Every neuron and dimension was kept, not the largest alone.</param>
/// <param name="Weights">What weights alone say was read.</param>
sealed record ExplainChoice(string Blocks, bool AllParts, bool Weights);
