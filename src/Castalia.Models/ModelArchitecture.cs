using Castalia.Architectures;

namespace Castalia;

/// <summary>What a model is beside its weights, as the arithmetic takes it.</summary>
/// <remarks>Read from config.json or GGUF metadata; a key that is not understood is refused when the model is opened. Equal for models that are alike in all of these.</remarks>
/// <example>
/// <code>
/// ModelArchitecture a = model.Architecture;
/// Show(a.Title, a.ModelType, a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim, a.DFf, a.DVocab, a.NCtx);
/// Show(a.Wiring, a.Norm, a.NormEpsilon, a.Mlp, a.Activation, a.TiedUnembedding, a.Parameters);
/// </code>
/// </example>
public sealed record ModelArchitecture
{
    internal ModelArchitecture(Architecture a, long parameters)
    {
        (Title, ModelType) = (a.Family.Title, a.Family.ModelType);
        (NLayers, DModel, NHeads, NKvHeads, HeadDim, DFf, DVocab) = (a.NLayers, a.DModel, a.NHeads, a.NKvHeads, a.HeadDim, a.DFf, a.DVocab);
        NCtx = a.NCtx == int.MaxValue ? null : a.NCtx;
        (Wiring, Norm, NormEpsilon, Mlp, Activation, TiedUnembedding, Parameters) = (a.Wiring, a.Norm, a.NormEpsilon, a.Mlp, a.Activation, a.TiedUnembedding, parameters);
    }

    /// <summary>The family, as people call it: GPT-NeoX.</summary>
    public string Title { get; }

    /// <summary>The family, as its configs call it: gpt_neox.</summary>
    public string ModelType { get; }

    /// <summary>Blocks.</summary>
    public int NLayers { get; }

    /// <summary>Width of the residual stream.</summary>
    public int DModel { get; }

    /// <summary>Query heads.</summary>
    public int NHeads { get; }

    /// <summary>Key/value heads.</summary>
    public int NKvHeads { get; }

    /// <summary>Width of a head.</summary>
    public int HeadDim { get; }

    /// <summary>Inner width of the MLP; of one expert in a mixture.</summary>
    public int DFf { get; }

    /// <summary>Rows of the embedding, padding included.</summary>
    public int DVocab { get; }

    /// <summary>Longest sequence, tokens; null for no limit.</summary>
    public int? NCtx { get; }

    /// <summary>How attention and MLP of a block stand to each other.</summary>
    public Wiring Wiring { get; }

    /// <summary>Kind of every norm.</summary>
    public NormKind Norm { get; }

    /// <summary>ε of every norm.</summary>
    public double NormEpsilon { get; }

    /// <summary>Shape of the MLP.</summary>
    public MlpKind Mlp { get; }

    /// <summary>Nonlinearity of the MLP.</summary>
    public Activation Activation { get; }

    /// <summary>The unembedding is the embedding.</summary>
    public bool TiedUnembedding { get; }

    /// <summary>Parameters, counted from the tensors that the model uses; a tied matrix once.</summary>
    public long Parameters { get; }
}
