using System.Text.Json.Serialization;

namespace Castalia.Twins;

/// <summary>A verification for programs.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Networks">One each, in the plan's order.</param>
sealed record VerificationDocument(string Plan, IReadOnlyList<VerifiedDocument> Networks)
{
    /// <summary>Of networks trained again.</summary>
    public static VerificationDocument Of(IReadOnlyList<VerifiedTwin> verified) => new(
        ShippedTwins.Plan.Name, [.. verified.Select(twin => new VerifiedDocument(twin.Shipped.Name, twin.Shipped.Sha256, twin.Sha256, twin.IsSame, Math.Round(twin.Took.TotalSeconds, 1)))]);
}

/// <summary>A network: the SHA-256 of its shipped model.safetensors and of what came out.</summary>
sealed record VerifiedDocument(string Model, string ShippedSha256, string Sha256, bool Same, double Seconds);

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(VerificationDocument))]
sealed partial class VerificationJson : JsonSerializerContext;
