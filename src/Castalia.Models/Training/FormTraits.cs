using System.Globalization;
using Castalia.Architectures;

namespace Castalia.Training;

/// <summary>Whether a family's network is the one wanted: the same function of the same weights, up to the order in which they are stored.</summary>
static class FormTraits
{
    static readonly (string Name, Func<Architecture, string> Of)[] s_same =
    [
        ("wiring", a => $"{a.Wiring}"),
        ("norm", a => $"{a.Norm}"),
        ("norm epsilon", a => Text(a.NormEpsilon)),
        ("norm weights counted from 1", a => $"{a.NormWeightPlusOne}"),
        ("norm placement", a => $"{a.NormPlacement}"),
        ("norms of queries and keys", a => $"{a.QkNorm}"),
        ("learned positions", a => $"{a.LearnedPositions is not null}"),
        ("dimensions of a head that turn", a => Text(a.Rotary?.Dims ?? 0)),
        ("rotary base", a => Text(a.Rotary?.Base ?? 0)),
        ("rotary scaling", a => $"{a.Rotary?.Scaling}"),
        ("mlp", a => $"{a.Mlp}"),
        ("activation", a => ActivationNames.Spoken(a.Activation)),
        ("tied unembedding", a => $"{a.TiedUnembedding}"),
        ("blocks", a => Text(a.NLayers)),
        ("width", a => Text(a.DModel)),
        ("heads", a => Text(a.NHeads)),
        ("key/value heads", a => Text(a.NKvHeads)),
        ("width of a head", a => Text(a.HeadDim)),
        ("inner width", a => Text(a.DFf)),
        ("vocabulary", a => Text(a.DVocab)),
        ("attention scale", a => Text(a.AttentionScale)),
        ("embedding scale", a => Text(a.EmbeddingScale)),
        ("residual scale", a => Text(a.ResidualScale)),
        ("logit scale", a => Text(a.LogitScale)),
    ];

    static readonly (string Name, Func<Architecture, bool> Of, WeightRole[] Roles)[] s_biases =
    [
        ("biases of queries, keys and values", a => a.QkvBias, [WeightRole.QueryBias, WeightRole.KeyBias, WeightRole.ValueBias]),
        ("bias of attention's output", a => a.AttnOutBias, [WeightRole.AttnOutBias]),
        ("biases of the MLP", a => a.MlpBias, [WeightRole.MlpGateBias, WeightRole.MlpUpBias, WeightRole.MlpDownBias]),
        ("bias of the unembedding", a => a.UnembeddingBias, [WeightRole.UnembeddingBias]),
    ];

    /// <summary>Traits of the one that the other cannot have, in words; a bias too many is none.</summary>
    public static IEnumerable<string> Differences(Architecture wanted, Architecture found) =>
    [
        .. s_same.Where(trait => trait.Of(wanted) != trait.Of(found)).Select(trait => $"{trait.Name} {trait.Of(found)} for {trait.Of(wanted)}"),
        .. s_biases.Where(bias => bias.Of(wanted) && !bias.Of(found)).Select(bias => $"no {bias.Name}"),
    ];

    /// <summary>Biases that the other has and the one has not.</summary>
    public static HashSet<WeightRole> Surplus(Architecture wanted, Architecture found) =>
        [.. s_biases.Where(bias => !bias.Of(wanted) && bias.Of(found)).SelectMany(bias => bias.Roles).Where(found.Tensors.ContainsKey)];

    static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
