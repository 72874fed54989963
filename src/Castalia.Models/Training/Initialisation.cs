using Castalia.Architectures;

namespace Castalia.Training;

/// <summary>How weights begin.</summary>
enum InitialScheme
{
    /// <summary>GPT-NeoX: small_init N(0, √(2/(5d))), and wang_init N(0, 2/(L√d)) for what writes to the stream.</summary>
    SmallWang,
    /// <summary>GPT-2: N(0, 0.02), for what writes to the stream 0.02/√(2L).</summary>
    NormalScaled,
    /// <summary>GPT-J: normal cut at two deviations; nominal deviation 1/√(inputs), 1/√vocabulary for the embedding, (2/L)/√d for what writes to the stream.</summary>
    GptJ,
}

/// <summary>How weights begin: a scheme, and a factor on each kind of matrix. Biases begin at 0, norms where they change nothing.</summary>
sealed record Initialisation
{
    /// <summary>The scheme.</summary>
    public required InitialScheme Scheme { get; init; }

    /// <summary>Factor on every matrix.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Factor on embedding and learned positions.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor on what reads the stream: queries, keys, values, gates, ups.</summary>
    public double InputScale { get; init; } = 1;

    /// <summary>Factor on what writes to the stream.</summary>
    public double OutputScale { get; init; } = 1;

    /// <summary>Factor on an unembedding of its own.</summary>
    public double UnembeddingScale { get; init; } = 1;

    /// <summary>Deviates beyond so many deviations are not drawn; null for all.</summary>
    internal double? Cut => Scheme == InitialScheme.GptJ ? 2 : null;

    /// <summary>The deviation of a matrix, before a cut.</summary>
    /// <param name="role">A matrix.</param>
    /// <param name="a">The description.</param>
    /// <remarks>
    /// Sources: gpt-neox v1.0 init_functions.py; GPT-2 as of its paper and transformers' initializer_range; mesh-transformer-jax layers.py, whose cut is not compensated,
    /// so that the realised deviation is 0.8796 of the nominal one.
    /// </remarks>
    public double Deviation(WeightRole role, Architecture a)
    {
        double d = a.DModel, layers = a.NLayers;
        bool writes = role is WeightRole.AttnOut or WeightRole.MlpDown, embeds = role is WeightRole.Embedding or WeightRole.Positions;
        double scheme = Scheme switch
        {
            InitialScheme.SmallWang => writes ? 2 / (layers * Math.Sqrt(d)) : Math.Sqrt(2 / (5 * d)),
            InitialScheme.NormalScaled => writes ? 0.02 / Math.Sqrt(2 * layers) : 0.02,
            InitialScheme.GptJ => writes ? 2 / layers / Math.Sqrt(d) : 1 / Math.Sqrt(embeds ? a.DVocab : WeightShapes.Of(a, role).In),
            _ => throw new InvalidOperationException($"No rule for {Scheme}."),
        };
        double kind = writes ? OutputScale : embeds ? EmbeddingScale : role == WeightRole.Unembedding ? UnembeddingScale : InputScale;
        return scheme * Scale * kind;
    }
}
