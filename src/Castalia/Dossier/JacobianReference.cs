using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Published;

namespace Castalia.Dossier;

/// <summary>How an independent implementation's blocks answer along the stream; last position, the others held.</summary>
/// <param name="Family">model_type of the checkpoint.</param>
/// <param name="Case">Which checkpoint of that family.</param>
/// <param name="Layer">Block, from 0.</param>
/// <param name="Parallel">Whether attention and MLP read the same stream.</param>
/// <param name="Along">hᵀJh/‖h‖².</param>
/// <param name="JhMinusH">‖Jh − h‖/‖h‖.</param>
sealed record ReferenceBlock(string Family, string Case, int Layer, bool Parallel, double Along, double JhMinusH);

/// <summary>Jacobians of an independent float64 implementation, until a command of our own measures them.</summary>
/// <param name="Source">Which.</param>
/// <param name="Blocks">First and last block of each checkpoint.</param>
sealed record JacobianReference(string Source, IReadOnlyList<ReferenceBlock> Blocks)
{
    static readonly Lazy<JacobianReference> s_shipped = new(() => JsonSerializer.Deserialize(EmbeddedText.Of("jacobian-reference.json"), DossierJson.Default.JacobianReference)!);

    /// <summary>The figures that ship.</summary>
    public static JacobianReference Shipped => s_shipped.Value;
}

/// <summary>How the dossier's data are read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JacobianReference))]
sealed partial class DossierJson : JsonSerializerContext;
