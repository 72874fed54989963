using System.Text.Json.Serialization;

namespace Castalia.Published;

/// <summary>How the records of the study are read and written, worked out when this is compiled: nothing is looked up at run time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PublishedStudy))]
[JsonSerializable(typeof(IReadOnlyList<ModelFacts>))]
sealed partial class StudyContracts : JsonSerializerContext;
