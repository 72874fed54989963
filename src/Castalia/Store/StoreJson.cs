using System.Text.Json.Serialization;

namespace Castalia.Store;

/// <summary>How documents about stored runs are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunsDocument))]
sealed partial class StoreJson : JsonSerializerContext;
