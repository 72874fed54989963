namespace Castalia.Architectures;

/// <summary>What configs call the activations (the names of transformers' <c>ACT2FN</c>).</summary>
static class ActivationNames
{
    /// <summary>The function behind each name; names that differ only in how they compute it share one.</summary>
    /// <remarks><c>gelu_fast</c> writes √(2/π) as 0.7978845608, which is the same to 4e-12.</remarks>
    public static readonly IReadOnlyDictionary<string, Activation> All = new Dictionary<string, Activation>(StringComparer.Ordinal)
    {
        ["gelu"] = Activation.GeluErf,
        ["gelu_python"] = Activation.GeluErf,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["gelu_accurate"] = Activation.GeluTanh,
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["relu"] = Activation.Relu,
    };
}
