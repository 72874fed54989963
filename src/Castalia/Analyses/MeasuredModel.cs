using Castalia.Machine;
using Castalia.Store;

namespace Castalia.Analyses;

/// <summary>What a person chose for a run, as far as figures depend on it.</summary>
/// <param name="Run">Name of the run's folder.</param>
/// <param name="PromptSet">The set's name, or the prompt file's path.</param>
/// <param name="Bos">What was put around a text: default, none or always.</param>
/// <param name="Activation">Which GELU was asked for: config, erf or tanh.</param>
/// <param name="Seed">Seed of its bootstraps.</param>
/// <param name="Software">What measured it.</param>
sealed record RunSettings(string Run, string PromptSet, string Bos, string Activation, long Seed, string Software)
{
    const int CommitDigits = 8;

    /// <summary>What made it, its commit by the first digits.</summary>
    public string ShortSoftware => Software.IndexOf('+') is >= 0 and var commit ? Software[..Math.Min(Software.Length, commit + 1 + CommitDigits)] : Software;
}

/// <summary>One model of one stored run.</summary>
sealed record MeasuredModel
{
    /// <summary>The run it belongs to.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Its short name, unique in the run.</summary>
    public required string Name { get; init; }

    /// <summary>Blocks.</summary>
    public required int Blocks { get; init; }

    /// <summary>Parameters, counted from the checkpoint's tensors.</summary>
    public required long Parameters { get; init; }

    /// <summary>Rows of the unembedding: over how many tokens its entropy runs, padding included.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The activation that was computed.</summary>
    public required string Activation { get; init; }

    /// <summary>Hash of its prompts' names, categories, texts and ids.</summary>
    public required string PromptsSha256 { get; init; }

    /// <summary>Which model it is, whatever it is called.</summary>
    public required ModelIdentity Identity { get; init; }

    /// <summary>What it is called on a page: its name, with digits of its hash where another model has that name too.</summary>
    public required string Label { get; init; }

    /// <summary>Its prompts in the order of the run.</summary>
    public required IReadOnlyList<MeasuredPrompt> Prompts { get; init; }
}

/// <summary>What was read from one prompt at the last token of the last block; null where undefined.</summary>
sealed record MeasuredPrompt
{
    /// <summary>Name, unique in the run.</summary>
    public required string Name { get; init; }

    /// <summary>Category; null where it has none.</summary>
    public string? Category { get; init; }

    /// <summary>The text; null where ids were given.</summary>
    public string? Text { get; init; }

    /// <summary>Every id fed, special tokens included.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>‖h_L‖/‖h_{L−1}‖; float32 stream, norms in float64.</summary>
    public double? Gain { get; init; }

    /// <summary>Entropy of the next token; nats.</summary>
    public double? Entropy { get; init; }

    /// <summary>⟨attn_out, h⟩/‖h‖² of the last block, h what enters it.</summary>
    public double? AlignAttn { get; init; }

    /// <summary>⟨mlp_out, h⟩/‖h‖² of the last block.</summary>
    public double? AlignMlp { get; init; }
}
