using Castalia.Architectures;
using Castalia.Forward;
using static Castalia.Anatomy.DescriptionFacts;

namespace Castalia.Anatomy;

/// <summary>The parts of a model that parameters are counted and types are named by.</summary>
enum ModelPart
{
    /// <summary>W_E.</summary>
    Embedding,
    /// <summary>A learned table of positions.</summary>
    Positions,
    /// <summary>W_U, where it is not the embedding.</summary>
    Unembedding,
    /// <summary>Matrices of queries, keys, values and attention's output.</summary>
    Attention,
    /// <summary>Matrices of the MLPs, with the router of a mixture.</summary>
    Mlp,
    /// <summary>Gains and biases of every norm.</summary>
    Norms,
    /// <summary>Biases of linear maps.</summary>
    Biases,
}

/// <summary>Parameters by part, and rows of the vocabulary that no id reaches.</summary>
static class ParameterFacts
{
    /// <summary>The part a role belongs to.</summary>
    public static ModelPart PartOf(WeightRole role) => role switch
    {
        WeightRole.Embedding => ModelPart.Embedding,
        WeightRole.Positions => ModelPart.Positions,
        WeightRole.Unembedding => ModelPart.Unembedding,
        WeightRole.Query or WeightRole.Key or WeightRole.Value or WeightRole.AttnOut => ModelPart.Attention,
        WeightRole.Router or WeightRole.MlpGate or WeightRole.MlpUp or WeightRole.MlpDown => ModelPart.Mlp,
        _ when $"{role}".Contains("Norm", StringComparison.Ordinal) => ModelPart.Norms,
        _ => ModelPart.Biases,
    };

    /// <summary>What parameters are counted from; if none of it differs, no count can.</summary>
    static readonly FactRule Shapes = new(
        "by the shapes", "n_layers", "d_model", "n_heads", "n_kv_heads", "head_dim", "d_ff", "d_vocab", "n_ctx", "position_offset", "positions", "experts", "mlp", "qk_norm",
        "wiring", "norm_placement", "norm_gain", "norm_bias", "embedding_norm", "bias_qkv", "bias_attn_out", "bias_mlp", "bias_unembedding", "tied");

    public static IEnumerable<Fact> Of(Architecture a, WeightMap? weights, int? ids)
    {
        yield return Fact("padding_rows", "rows of the embedding beyond the tokenizer's ids", FactGroup.Vocabulary, ids is { } n ? (long)a.DVocab - n : null) with
        {
            IsKnown = ids is not null,
            Follows = When(ids is not null, "d_vocab − ids", "d_vocab"),
        };
        var counts = WeightShapes.Needed(a).GroupBy(PartOf).ToDictionary(group => group.Key, group => group.Sum(role => Count(a, weights, role)));
        foreach (var part in Enum.GetValues<ModelPart>()) yield return Parameters($"parameters_{part}".ToLowerInvariant(), Name(part), counts.GetValueOrDefault(part));
        yield return Parameters("parameters", "in all", counts.Values.Sum());
    }

    static Fact Parameters(string key, string name, long count) => Fact(key, $"parameters, {name}", FactGroup.Parameters, count) with { Follows = Shapes };

    /// <summary>By the shapes; of what a checkpoint may lack in some blocks, as many as it has.</summary>
    static long Count(Architecture a, WeightMap? weights, WeightRole role)
    {
        (int rows, int columns) = WeightShapes.Of(a, role);
        long each = (long)rows * columns * (WeightShapes.IsPerExpert(a, role) ? a.Mixture!.Experts : 1);
        if (!WeightShapes.IsPerLayer(role)) return weights?.Find(role) is null && weights is not null ? 0 : each;
        return weights is null ? each * a.NLayers : Enumerable.Range(0, a.NLayers).Count(layer => weights.Find(role, layer) is not null) * each;
    }

    public static string Name(ModelPart part) => part switch
    {
        ModelPart.Embedding => "embedding",
        ModelPart.Positions => "learned positions",
        ModelPart.Unembedding => "unembedding",
        ModelPart.Attention => "attention",
        ModelPart.Mlp => "MLPs",
        ModelPart.Norms => "norms",
        ModelPart.Biases => "biases",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
