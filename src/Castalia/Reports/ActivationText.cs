using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>Nonlinearities in words.</summary>
public static class ActivationText
{
    /// <summary>For a page on one model.</summary>
    public static string Of(Activation activation) => activation switch
    {
        Activation.GeluErf => "GELU, with the error function",
        Activation.GeluTanh => "GELU, by its tanh approximation",
        Activation.QuickGelu => "x·sigmoid(1.702x), quick GELU",
        Activation.Silu => "SiLU",
        Activation.Relu => "ReLU",
        Activation.SquaredRelu => "ReLU squared",
        _ => throw new InvalidOperationException($"No words for {activation}."),
    };

    /// <summary>A family's: what it is, and whether a config may say otherwise.</summary>
    internal static string Short(ActivationKey key)
    {
        string name = ActivationNames.All[key.Default] switch
        {
            Activation.GeluErf => "GELU (erf)",
            Activation.GeluTanh => "GELU (tanh)",
            var other => Of(other),
        };
        return key.Name is null ? name : $"{name} unless stated";
    }
}
