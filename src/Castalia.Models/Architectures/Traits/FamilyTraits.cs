using static Castalia.Architectures.FamilyWords;
using static Castalia.Architectures.WeightRole;

namespace Castalia.Architectures;

/// <summary>One way in which families differ, read off their descriptions.</summary>
/// <param name="Group">What kind of thing it is.</param>
/// <param name="Label">Its name, at most 20 characters.</param>
/// <param name="Reads">The properties of <see cref="Family"/> that it depends on.</param>
/// <param name="Of">Its value for a family, in words; – where the family has no such thing.</param>
sealed record FamilyTrait(string Group, string Label, IReadOnlyList<string> Reads, Func<Family, string> Of)
{
    /// <summary>It decides where numbers are found, not what is computed of them.</summary>
    public bool IsStorage => Group == FamilyTraits.Stored;
}

/// <summary>Everything about a family that decides what is computed, and how its weights are stored.</summary>
/// <remarks>Where a config states a thing is no trait: only that it does, and what holds where it does not.</remarks>
static class FamilyTraits
{
    const string Norms = "Norms and wiring", Positions = "Positions", Attention = "Attention", Mlp = "MLP and biases",
        Ends = "Embedding, stream and logits";

    internal const string Stored = "How weights are stored";

    /// <summary>Every trait, in the order in which pages list them.</summary>
    public static IReadOnlyList<FamilyTrait> All { get; } =
    [
        new(Norms, "wiring", [nameof(Family.Wiring)], f => Of(f.Wiring)),
        new(Norms, "norm", [nameof(Family.Norm)], f => Word(f.Norm)),
        new(Norms, "norms stand", [nameof(Family.NormPlacement)], f => Word(f.NormPlacement)),
        new(Norms, "norm weight", [nameof(Family.NormWeightPlusOne), nameof(Family.Tensors)], NormWeight),
        new(Norms, "norm ε", [nameof(Family.NormEpsilon)], f => Number(f.NormEpsilon)),

        new(Positions, "rotary pairs", [nameof(Family.Rotary)], f => f.Rotary is { } r ? Word(r.Pairing) : Absent),
        new(Positions, "rotary share", [nameof(Family.Rotary)], f => f.Rotary is { } r ? FamilyPositions.Share(r) : Absent),
        new(Positions, "rotary base", [nameof(Family.Rotary)], f => f.Rotary is { } r ? Number(r.Base) : Absent),
        new(Positions, "rotary scaling", [nameof(Family.Rotary)], f => f.Rotary is { } r ? FamilyPositions.Scaling(r) : Absent),
        new(Positions, "rotary in windows", [nameof(Family.WindowedRotary)], f => FamilyPositions.InWindows(f.WindowedRotary)),
        new(Positions, "ALiBi", [nameof(Family.Alibi)], f => FamilyPositions.Alibi(f.Alibi)),
        new(Positions, "learned positions", [nameof(Family.LearnedPositions)], f => FamilyPositions.Learned(f.LearnedPositions)),

        new(Attention, "windows", [nameof(Family.Windows)], f => FamilyPositions.Windows(f.Windows)),
        new(Attention, "attention scale", [nameof(Family.AttentionScale)], f => Scale(f.AttentionScale)),
        new(Attention, "cap on scores", [nameof(Family.AttentionSoftcap)], f => Optional(f.AttentionSoftcap)),
        new(Attention, "query/key norm", [nameof(Family.QkNorm)], f => Of(f.QkNorm)),
        new(Attention, "bound on q, k, v", [nameof(Family.ClipQkv)], f => Optional(f.ClipQkv)),
        new(Attention, "key/value heads", [nameof(Family.Sizes)], f => KvHeads(f.Sizes.NKvHeads)),
        new(Attention, "width of a head", [nameof(Family.Sizes)], f => Size(f.Sizes.HeadDim, "d_model/n_heads")),

        new(Mlp, "MLP", [nameof(Family.Mlp)], f => Word(f.Mlp)),
        new(Mlp, "experts", [nameof(Family.Mixture)], f => Experts(f.Mixture)),
        new(Mlp, "width of the MLP", [nameof(Family.Sizes)], f => Size(f.Sizes.DFf, "4 · d_model")),
        new(Mlp, "activation", [nameof(Family.Activation)], f => Activation(f.Activation)),
        new(Mlp, "query/key/value bias", [nameof(Family.QkvBias)], f => Answer(f.QkvBias)),
        new(Mlp, "attention out bias", [nameof(Family.AttnOutBias)], f => Answer(f.AttnOutBias)),
        new(Mlp, "MLP bias", [nameof(Family.MlpBias)], f => Answer(f.MlpBias)),

        new(Ends, "embedding times", [nameof(Family.EmbeddingScale)], f => EmbeddingScale(f.EmbeddingScale)),
        new(Ends, "embedding norm", [nameof(Family.Tensors)], f => f.Tensors.ContainsKey(EmbeddingNorm) ? "yes" : Absent),
        new(Ends, "additions times", [nameof(Family.ResidualScale)], f => Optional(f.ResidualScale)),
        new(Ends, "tied unembedding", [nameof(Family.TiedUnembedding)], f => Answer(f.TiedUnembedding)),
        new(Ends, "unembedding bias", [nameof(Family.UnembeddingBias)], f => Answer(f.UnembeddingBias)),
        new(Ends, "logits times", [nameof(Family.LogitScale)], f => Optional(f.LogitScale)),
        new(Ends, "logits divided by", [nameof(Family.LogitDivisor)], f => Optional(f.LogitDivisor)),
        new(Ends, "cap on logits", [nameof(Family.LogitSoftcap)], f => Optional(f.LogitSoftcap)),

        new(Stored, "read from", [nameof(Family.Config)], f => Word(f.Config)),
        new(Stored, "query, key, value", [nameof(Family.Tensors)], f => Word(f.Tensors[Query].Rows)),
        new(Stored, "gate and up", [nameof(Family.Tensors)], f => FamilyStorage.Gate(f.Tensors)),
        new(Stored, "matrices", [nameof(Family.Tensors)], f => f.Tensors[AttnOut].Transposed ? "[in × out]" : "[out × in]"),
        new(Stored, "names of a block", [nameof(Family.Tensors), nameof(Family.BasePrefix)], FamilyStorage.BlockNames),
    ];

    /// <summary>The traits in which two families differ, with both values.</summary>
    public static IReadOnlyList<(FamilyTrait Trait, string One, string Other)> Differences(Family one, Family other) =>
        [.. All.Select(trait => (trait, trait.Of(one), trait.Of(other))).Where(row => row.Item2 != row.Item3)];

    static string NormWeight(Family f) =>
        !f.Tensors.ContainsKey(FinalNorm) ? "none"
        : f.Tensors.ContainsKey(FinalNormBias) ? $"{(f.NormWeightPlusOne ? "1 + weight" : "weight")} and bias"
        : f.NormWeightPlusOne ? "1 + weight" : "weight";

    static string Scale(AttentionScaleRule rule)
    {
        string scale = rule.InverseRootOf is { } key ? $"1/√s, s = {Number(key)}" : "1/√head_dim";
        if (rule.Factor is { } factor) scale = Number(factor, missing: $"{scale} unless stated");
        if (rule.Unscaled is not Flag.Always { Value: false })
            scale = rule.Unscaled is Flag.Always ? "1" : $"{scale}, 1 if {Condition(rule.Unscaled)}";
        return rule.ByBlock is Flag.Always { Value: false } ? scale : $"{scale}; over block + 1 if {Condition(rule.ByBlock)}";
    }

    static string KvHeads(SizeKey key)
    {
        string heads = key.Names.Count == 0 ? "one for each query head" : "as stated";
        return key.OneWhen is { } one ? $"1 if {Condition(one)}, else {heads}" : heads;
    }

    /// <summary>A width that may follow from others. A default in numbers is the reference's example model, except where no other rule is at hand.</summary>
    static string Size(SizeKey key, string otherwise) => (key.Names.Count, key.Otherwise, key.Default) switch
    {
        (0, _, _) => otherwise,
        (_, not SizeFallback.None, _) => $"{otherwise} unless stated",
        _ => "as stated",
    };

    static string Activation(ActivationKey key) =>
        ActivationNames.Spoken(ActivationNames.All[key.Default]) + (key.Name is null ? "" : " unless stated");

    static string Experts(MixtureKeys? keys) => keys is null ? Absent : $"{Count(keys.PerToken)} of {Count(keys.Experts)} unless stated";

    static string Count(SizeKey key) => key.Default is { } n ? Number(n) : "as many as stated";

    static string EmbeddingScale(EmbeddingScaleRule? rule) => rule is null ? Absent : rule.Stated is { } key ? Number(key) : "√d_model";
}
