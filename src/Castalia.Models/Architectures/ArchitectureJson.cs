using System.Text.Json.Serialization;

namespace Castalia.Architectures;

/// <summary>How families are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FamiliesDocument))]
[JsonSerializable(typeof(FamilyComparisonDocument))]
sealed partial class ArchitectureJson : JsonSerializerContext;
