using Castalia.Architectures;
using Castalia.Tokens;

namespace Castalia.Hypotheses.Each;

/// <summary>Which verb makes a run.</summary>
enum RunVerb
{
    Measure,
    Explain,
    Intervene,
}

/// <summary>A run of one model that a hypothesis reads.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Verb">Which verb makes it.</param>
/// <param name="Prompts">A built-in set, or a file of prompts.</param>
/// <param name="Place">Where it stands.</param>
sealed record RunNeed(string Name, RunVerb Verb, string Prompts, string Place)
{
    /// <summary>What is put around a text.</summary>
    public BosPolicy Bos { get; init; }

    /// <summary>The same, as manifests have it.</summary>
    public string BosWord => Bos.ToString().ToLowerInvariant();

    /// <summary>Whether every position is read.</summary>
    public bool AllPositions { get; init; }

    /// <summary>Whether what weights alone say is read; of explain.</summary>
    public bool Weights { get; init; }

    /// <summary>Texts to compare with; of explain; null for none.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether the bands of the unembedding are read; of explain.</summary>
    public bool Bands { get; init; }

    /// <summary>Whether the GELU is computed that the config does not state, exact or its tanh approximation; a model with another activation has no such run.</summary>
    public bool OtherGelu { get; init; }

    /// <summary>Whether it may be that it cannot be made: no rule turns on it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Do-files, by name or path; of intervene.</summary>
    public IReadOnlyList<string> Do { get; init; } = [];

    /// <summary>What a model of that description computes in it; null where there is no such run.</summary>
    /// <param name="description">Columns of the view models.</param>
    public GeluChoice? ActivationOf(IReadOnlyDictionary<string, object?> description) => !OtherGelu ? GeluChoice.Config : (description.GetValueOrDefault("stated_activation") as string) switch
    {
        nameof(Activation.GeluErf) => GeluChoice.Tanh,
        nameof(Activation.GeluTanh) => GeluChoice.Erf,
        _ => null,
    };

    /// <summary>The command that makes it: castalia intervene CHECKPOINT --prompts standard-200 --do last-mlp-mean.</summary>
    public string Command => string.Join(' ',
    [
        $"castalia {Verb.ToString().ToLowerInvariant()} CHECKPOINT --prompts {Prompts}",
        .. Bos == BosPolicy.Default ? [] : new[] { $"--bos {BosWord}" },
        .. AllPositions ? ["--positions all"] : Array.Empty<string>(),
        .. Weights ? ["--weights"] : Array.Empty<string>(),
        .. Reference is null ? [] : new[] { $"--reference {Reference}" },
        .. Bands ? ["--bands"] : Array.Empty<string>(),
        .. OtherGelu ? ["--activation OTHER"] : Array.Empty<string>(),
        .. Do.Select(file => $"--do {file}"),
    ]);
}

/// <summary>A model of a stored run that is what a need asks for.</summary>
/// <param name="Identity">By what the model is told from others.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Run">The run.</param>
/// <param name="Model">Its name there.</param>
sealed record FoundRun(string Identity, string Label, string Run, string Model);
