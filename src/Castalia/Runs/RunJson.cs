using System.Text.Json.Serialization;

namespace Castalia.Runs;

/// <summary>How documents about runs are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PlanDocument))]
sealed partial class RunJson : JsonSerializerContext;
