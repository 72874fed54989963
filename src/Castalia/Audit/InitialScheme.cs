using Castalia.Architectures;
using Castalia.Cards;

namespace Castalia.Audit;

/// <summary>A rule by which weights are drawn before training, of mean 0.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Formula">Its standard deviation as a formula.</param>
/// <param name="Deviation">The same as a number.</param>
sealed record InitialScheme(string Name, string Formula, double Deviation)
{
    /// <summary>A rule as cards state it.</summary>
    public static InitialScheme Of(InitialisationRule rule, Architecture a) => Of(rule, a.DModel, a.NLayers, a.DVocab);

    /// <summary>small_init of GPT-NeoX: √(2/(5d)) (Nguyen and Salazar 2019, arXiv 1910.05895).</summary>
    public static InitialScheme Small(int dModel) => Of(new("small_init", null), dModel, 1, 1);

    /// <summary>wang_init of GPT-NeoX: 2/(L√d).</summary>
    public static InitialScheme Wang(int dModel, int nLayers) => Of(new("wang_init", null), dModel, nLayers, 1);

    /// <summary>GPT-2's, and GPT-NeoX's where nothing is said.</summary>
    public static InitialScheme Normal { get; } = Of(new("normal", 0.02), 1, 1, 1);

    /// <summary>The same for what writes to the stream: 0.02/√(2L).</summary>
    public static InitialScheme ScaledNormal(int nLayers) => Of(new("scaled_normal", 0.02), 1, nLayers, 1);

    /// <summary>GPT-J's, of mesh-transformer-jax: Haiku's normal truncated at two deviations, 1/√d for what reads the stream.</summary>
    public static InitialScheme TruncatedFanIn(int dModel) => Of(new("truncated_fan_in", null), dModel, 1, 1);

    /// <summary>The same for what writes to it: 2/(L√d).</summary>
    public static InitialScheme TruncatedWang(int dModel, int nLayers) => Of(new("truncated_wang", null), dModel, nLayers, 1);

    /// <summary>The same for its embedding, a linear map of one-hot vectors: 1/√rows.</summary>
    public static InitialScheme TruncatedVocabulary(int dVocab) => Of(new("truncated_vocabulary", null), 1, 1, dVocab);

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<InitialScheme> All(Architecture a) =>
    [
        Small(a.DModel), Wang(a.DModel, a.NLayers), Normal, ScaledNormal(a.NLayers), TruncatedFanIn(a.DModel), TruncatedWang(a.DModel, a.NLayers), TruncatedVocabulary(a.DVocab),
    ];

    static InitialScheme Of(InitialisationRule rule, int dModel, int nLayers, int dVocab) => new(rule.Name.Replace("scaled_normal", "scaled normal", StringComparison.Ordinal), rule.Name switch
    {
        "small_init" => "√(2/(5d))",
        "wang_init" => "2/(L√d)",
        "normal" => FormattableString.Invariant($"{rule.Sigma}"),
        "scaled_normal" => FormattableString.Invariant($"{rule.Sigma}/√(2L)"),
        "truncated_fan_in" => "0.8796/√d",
        "truncated_wang" => "0.8796·2/(L√d)",
        _ => "0.8796/√rows",
    }, rule.Deviation(dModel, nLayers, dVocab) ?? throw new ArgumentException(rule.Name, nameof(rule)));
}
