using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>Which GELU is computed where a description has one.</summary>
/// <remarks>
/// A config may name another than the one a model was trained with: every Pythia's says <c>gelu</c>, with the error function, while
/// GPT-NeoX trained it with a fused kernel that computes the tanh approximation. They differ by at most 5e-4 in a point.
/// </remarks>
enum GeluChoice
{
    /// <summary>The one the config states.</summary>
    Config,
    /// <summary>x·Φ(x), with the error function.</summary>
    Erf,
    /// <summary>Its tanh approximation.</summary>
    Tanh,
}

/// <summary>The choice, applied.</summary>
static class GeluChoices
{
    /// <summary>The description with the GELU that was chosen in place of its own; what the config stated is kept beside it.</summary>
    /// <param name="architecture">What the config states.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="checkpoint">Path of the checkpoint, for the message.</param>
    /// <exception cref="InputException">The activation is no GELU of those two.</exception>
    public static Architecture With(this Architecture architecture, GeluChoice choice, string checkpoint)
    {
        if (choice == GeluChoice.Config) return architecture;
        Activation stated = architecture.StatedActivation ?? architecture.Activation;
        if (stated is not (Activation.GeluErf or Activation.GeluTanh)) throw ArchitectureErrors.NoGelu(choice, stated, checkpoint);
        return architecture with
        {
            Activation = choice == GeluChoice.Erf ? Activation.GeluErf : Activation.GeluTanh,
            StatedActivation = stated,
        };
    }

    /// <summary>The word of the command line, of a manifest and of a summary.</summary>
    public static string Word(this GeluChoice choice) => choice switch
    {
        GeluChoice.Config => "config",
        GeluChoice.Erf => "erf",
        GeluChoice.Tanh => "tanh",
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, null),
    };

    /// <summary>What <c>--activation</c> did: the choice, the activation computed, and whether it is the config's.</summary>
    public static string Said(this GeluChoice choice, Architecture architecture) => $"--activation {choice.Word()}: {ActivationNames.Spoken(architecture.Activation)}" + (
        architecture.StatedActivation is not { } stated ? ", as stated"
        : stated == architecture.Activation ? ", as stated too"
        : $", where the config says {ActivationNames.Spoken(stated)}");
}
