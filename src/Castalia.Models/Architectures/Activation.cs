namespace Castalia.Architectures;

/// <summary>The nonlinearity of the MLP.</summary>
public enum Activation
{
    /// <summary>x·Φ(x), with the error function.</summary>
    GeluErf,
    /// <summary>½x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    GeluTanh,
    /// <summary>x/(1 + e^(−1.702x)).</summary>
    QuickGelu,
    /// <summary>x/(1 + e⁻ˣ).</summary>
    Silu,
    /// <summary>max(x, 0).</summary>
    Relu,
    /// <summary>max(x, 0)².</summary>
    SquaredRelu,
}

/// <summary>What configs call the activations (the names of transformers' <c>ACT2FN</c>), and what people do.</summary>
static class ActivationNames
{
    /// <summary>As a person says it: GELU (erf), SiLU.</summary>
    public static string Spoken(Activation activation) => activation switch
    {
        Activation.GeluErf => "GELU (erf)",
        Activation.GeluTanh => "GELU (tanh)",
        Activation.QuickGelu => "quick GELU, x·sigmoid(1.702x)",
        Activation.Silu => "SiLU",
        Activation.Relu => "ReLU",
        Activation.SquaredRelu => "ReLU squared",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    /// <summary>The function behind each name; names that differ only in how they compute it share one.</summary>
    /// <remarks><c>gelu_fast</c> writes √(2/π) as 0.7978845608, which is the same to 4e-12.</remarks>
    internal static readonly IReadOnlyDictionary<string, Activation> All = new Dictionary<string, Activation>(StringComparer.Ordinal)
    {
        ["gelu"] = Activation.GeluErf,
        ["gelu_python"] = Activation.GeluErf,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_python_tanh"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["gelu_accurate"] = Activation.GeluTanh,
        ["quick_gelu"] = Activation.QuickGelu,
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["relu"] = Activation.Relu,
        ["relu2"] = Activation.SquaredRelu,
    };
}
