using Castalia.Architectures;

namespace Castalia.Anatomy;

/// <summary>The facts that a description states, each property of it once.</summary>
/// <remarks>
/// Where a value is what a rule gives from others (head_dim from d_model and n_heads) the fact says so, so that a comparison can tell a difference
/// from its consequences. A rule is stated where it holds of the numbers, whether or not the config states the value itself.
/// </remarks>
static class DescriptionFacts
{
    public static IEnumerable<Fact> Of(Architecture a, ConfigWords words) =>
    [
        Fact("family", "family", FactGroup.Identity, a.Family.ModelType),
        .. Sizes(a), .. WiringFacts.Of(a), .. PositionFacts.Of(a), .. Attention(a), .. Mlp(a, words), .. Biases(a), .. Vocabulary(a, words), .. Multipliers(a),
    ];

    static IEnumerable<Fact> Sizes(Architecture a) =>
    [
        Fact("n_layers", "blocks", FactGroup.Sizes, (long)a.NLayers),
        Fact("d_model", "width of the stream", FactGroup.Sizes, (long)a.DModel),
        Fact("n_heads", "query heads", FactGroup.Sizes, (long)a.NHeads),
        Fact("n_kv_heads", "key/value heads", FactGroup.Sizes, (long)a.NKvHeads) with
        {
            Follows = When(a.NKvHeads == a.NHeads, "n_heads", "n_heads"),
        },
        Fact("head_dim", "width of a head", FactGroup.Sizes, (long)a.HeadDim) with
        {
            Follows = When((long)a.HeadDim * a.NHeads == a.DModel, "d_model / n_heads", "d_model", "n_heads"),
        },
        Fact("d_ff", "inner width of the MLP", FactGroup.Sizes, (long)a.DFf) with
        {
            Follows = When(a.DFf == 4L * a.DModel, "4 · d_model", "d_model"),
        },
        Fact("n_ctx", "context", FactGroup.Sizes, a.NCtx == int.MaxValue ? "no end" : (long)a.NCtx) with
        {
            Unit = a.NCtx == int.MaxValue ? "" : "tokens",
            Follows = When(
                a.Rotary?.Scaling is RotaryScaling.Linear or RotaryScaling.Dynamic or RotaryScaling.Yarn, "as far as rotary scaling reaches",
                "rotary_scaling", "rotary_scaling_factor", "rotary_scaling_original_context"),
        },
    ];

    static IEnumerable<Fact> Attention(Architecture a) =>
    [
        Fact("attention_scale", "factor on query·key", FactGroup.Attention, a.AttentionScale) with
        {
            Follows = When(a.AttentionScale == 1 / Math.Sqrt(a.HeadDim), "1/√head_dim", "head_dim"),
        },
        Fact("attention_scale_by_block", "block ℓ divides its scores by ℓ + 1", FactGroup.Attention, a.AttentionScaleByBlock),
        Fact("qk_norm", "norm of queries and keys", FactGroup.Attention, Word(a.QkNorm)),
        Fact("windows", "blocks that see a window", FactGroup.Attention, Windows.Pattern(a.Windows)),
        Fact("window", "positions a windowed block sees", FactGroup.Attention, Windows.Size(a.Windows)) with { Unit = "tokens", Within = "windows" },
        Fact("attention_softcap", "soft cap on scores", FactGroup.Attention, a.AttentionSoftcap),
        Fact("clip_qkv", "bound on queries, keys and values", FactGroup.Attention, a.ClipQkv),
    ];

    static IEnumerable<Fact> Mlp(Architecture a, ConfigWords words) =>
    [
        Fact("mlp", "shape of the MLP", FactGroup.Mlp, Word(a.Mlp)),
        Fact("experts", "experts of a block", FactGroup.Mlp, (long?)a.Mixture?.Experts) with { Within = "mlp" },
        Fact("experts_per_token", "experts a token goes through", FactGroup.Mlp, (long?)a.Mixture?.PerToken) with { Within = "mlp" },
        Fact("activation_stated", "activation, as the config spells it", FactGroup.Mlp, words.Activation),
        Fact("activation", "activation, as run", FactGroup.Mlp, ActivationNames.Spoken(a.Activation)) with
        {
            Follows = When(a.StatedActivation is null && words.Meant == a.Activation, "as stated", "activation_stated"),
        },
    ];

    static IEnumerable<Fact> Biases(Architecture a) =>
    [
        Fact("bias_qkv", "bias of queries, keys and values", FactGroup.Biases, a.QkvBias),
        Fact("bias_attn_out", "bias of attention's output", FactGroup.Biases, a.AttnOutBias),
        Fact("bias_mlp", "biases of the MLP", FactGroup.Biases, a.MlpBias),
        Fact("bias_unembedding", "bias of the unembedding", FactGroup.Biases, a.UnembeddingBias),
    ];

    static IEnumerable<Fact> Vocabulary(Architecture a, ConfigWords words) =>
    [
        Fact("tied", "the unembedding is the embedding", FactGroup.Vocabulary, a.TiedUnembedding),
        Fact("d_vocab", "rows of the embedding", FactGroup.Vocabulary, (long)a.DVocab),
        Fact("bos", "id that begins a text", FactGroup.Vocabulary, words.Bos),
        Fact("eos", "id that ends a text", FactGroup.Vocabulary, words.Eos),
    ];

    static IEnumerable<Fact> Multipliers(Architecture a) =>
    [
        Fact("embedding_scale", "factor on the embedding", FactGroup.Multipliers, a.EmbeddingScale) with
        {
            Follows = When(a.EmbeddingScale == Math.Sqrt(a.DModel) && a.EmbeddingScale != 1, "√d_model", "d_model"),
        },
        Fact("residual_scale", "factor on what attention and MLP add", FactGroup.Multipliers, a.ResidualScale),
        Fact("logit_scale", "factor on the logits", FactGroup.Multipliers, a.LogitScale),
        Fact("logit_softcap", "soft cap on the logits", FactGroup.Multipliers, a.LogitSoftcap),
    ];

    public static Fact Fact(string key, string name, FactGroup group, object? value) => new() { Key = key, Name = name, Group = group, Value = value };

    /// <summary>The rule, where it holds.</summary>
    public static FactRule? When(bool holds, string text, params string[] sources) => holds ? new(text, sources) : null;

    static string Word(QkNorm norm) => norm switch
    {
        QkNorm.None => "none",
        QkNorm.EachHead => "each head, one weight",
        QkNorm.EachHeadOwnWeight => "each head, a weight of its own",
        QkNorm.AllHeads => "all heads as one vector",
        _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, null),
    };

    static string Word(MlpKind mlp) => mlp switch
    {
        MlpKind.Plain => "plain",
        MlpKind.Gated => "gated",
        MlpKind.Mixture => "mixture of gated experts",
        _ => throw new ArgumentOutOfRangeException(nameof(mlp), mlp, null),
    };
}
