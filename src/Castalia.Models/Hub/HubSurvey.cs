namespace Castalia.Hub;

/// <summary>A file that a pull needs.</summary>
/// <param name="Name">Its path in the repository.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Missing">Bytes of it that the cache has not.</param>
sealed record SurveyedFile(string Name, long Bytes, long Missing);

/// <summary>What a model on the hub consists of, before its weights are fetched.</summary>
/// <param name="Origin">Repository, revision and commit.</param>
/// <param name="Files">The files that a measurement needs.</param>
/// <param name="Outline">A folder that is the model but for the data of its weights, which is a hole; null where the format has no header at the
/// beginning of the file, or the temporary disk no room.</param>
sealed record HubSurvey(HubOrigin Origin, IReadOnlyList<SurveyedFile> Files, string? Outline);
