using System.Text.Json.Serialization;

namespace Castalia.Hub;

/// <summary>Pulled models for programs.</summary>
sealed record PulledDocument(IReadOnlyList<PulledModelDocument> Models)
{
    public static PulledDocument Of(IEnumerable<Pulled> pulled) => new([.. pulled.Select(PulledModelDocument.Of)]);
}

/// <summary>Where a model came from, and where it is.</summary>
sealed record PulledModelDocument(string Repository, string Revision, string Commit, string Path, IReadOnlyList<PulledFileDocument> Files)
{
    public static PulledModelDocument Of(Pulled model) => new(
        model.Origin.Repository, model.Origin.Revision, model.Origin.Commit, model.Path, [.. model.Files.Select(PulledFileDocument.Of)]);
}

/// <summary>A file with the one hash that the hub states of it.</summary>
sealed record PulledFileDocument(
    string Name, long Bytes, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? GitSha1, long ReceivedBytes)
{
    public static PulledFileDocument Of(PulledFile file) => new(
        file.Name, file.Bytes, file.Hash.IsSha256 ? file.Hash.Hex : null, file.Hash.IsSha256 ? null : file.Hash.Hex, file.Received);
}

/// <summary>How they are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PulledDocument))]
sealed partial class HubJson : JsonSerializerContext;
