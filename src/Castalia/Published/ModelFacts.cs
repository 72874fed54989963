using System.Text.Json.Serialization;
using Castalia.Architectures;
using Castalia.Cards;

namespace Castalia.Published;

/// <summary>What is known of a model's architecture, from other sources than the study; how it was trained is on its <see cref="Card"/>.</summary>
sealed record ModelFacts
{
    /// <summary>Name the study gives it.</summary>
    public required string Model { get; init; }
    /// <summary>Repository on the hub.</summary>
    public required string Repository { get; init; }
    /// <summary>model_type.</summary>
    public required string Family { get; init; }
    /// <summary>The family's name.</summary>
    public required string Title { get; init; }
    /// <summary>Parameters, tied ones once.</summary>
    public required long Parameters { get; init; }
    /// <summary>Blocks.</summary>
    public required int NLayers { get; init; }
    /// <summary>Width of the residual stream.</summary>
    public required int DModel { get; init; }
    /// <summary>Attention heads.</summary>
    public required int NHeads { get; init; }
    /// <summary>Key and value heads.</summary>
    public required int NKvHeads { get; init; }
    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }
    /// <summary>Inner width of the MLP.</summary>
    public required int DFf { get; init; }
    /// <summary>Rows of the embedding.</summary>
    public required int DVocab { get; init; }
    /// <summary>Context; tokens.</summary>
    public required int NCtx { get; init; }
    /// <summary>Norm.</summary>
    public required NormKind Norm { get; init; }
    /// <summary>Epsilon of the norms.</summary>
    public required double NormEpsilon { get; init; }
    /// <summary>Norms have a bias.</summary>
    public required bool NormBias { get; init; }
    /// <summary>One is added to the stored norm weight.</summary>
    public required bool NormWeightPlusOne { get; init; }
    /// <summary>Wiring of a block.</summary>
    public required Wiring Wiring { get; init; }
    /// <summary>Rotated dimensions of a head; null without rotary positions.</summary>
    public required int? RotaryDims { get; init; }
    /// <summary>How rotated dimensions pair; null without rotary positions.</summary>
    public required RotaryPairing? RotaryPairing { get; init; }
    /// <summary>Base of the angles; null without rotary positions.</summary>
    public required double? RotaryBase { get; init; }
    /// <summary>Whether positions are a learned table.</summary>
    public required bool LearnedPositions { get; init; }
    /// <summary>Kind of MLP.</summary>
    public required MlpKind Mlp { get; init; }
    /// <summary>Activation, as the hub's configuration states it.</summary>
    public required Activation Activation { get; init; }
    /// <summary>Queries, keys and values have a bias.</summary>
    public required bool QkvBias { get; init; }
    /// <summary>Attention's output has a bias.</summary>
    public required bool AttnOutBias { get; init; }
    /// <summary>The MLP has biases.</summary>
    public required bool MlpBias { get; init; }
    /// <summary>The embedding serves as unembedding.</summary>
    public required bool TiedUnembedding { get; init; }
    /// <summary>The unembedding has a bias.</summary>
    public required bool UnembeddingBias { get; init; }
    /// <summary>Factor of the token embedding; null for 1.</summary>
    public required double? EmbeddingScale { get; init; }
    /// <summary>Where these facts are from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Its card.</summary>
    [JsonIgnore]
    public Card Card => ModelCards.Named(Repository);

    /// <summary>ρ = heads / head_dim.</summary>
    [JsonIgnore]
    public double HeadCrowding => (double)NHeads / HeadDim;

    /// <summary>The eight models of the study, in its order.</summary>
    public static IReadOnlyList<ModelFacts> Shipped => Loaded.Value;

    static readonly Lazy<IReadOnlyList<ModelFacts>> Loaded =
        new(() => StudyJson.ReadFacts(EmbeddedText.Of("published-models.json")));

    /// <summary>The facts of one of the study's models.</summary>
    public static ModelFacts Of(string model) => Shipped.Single(facts => facts.Model == model);
}
