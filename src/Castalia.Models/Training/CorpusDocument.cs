using System.Text.Json.Serialization;

namespace Castalia.Training;

/// <summary>A corpus as a document: corpus.json beside its tokens, and a part of every recipe.</summary>
/// <param name="Version">Raised when the same files give other tokens.</param>
/// <param name="File">The text's name, without its folder.</param>
/// <param name="Sha256">The text.</param>
/// <param name="Tokenizer">The tokenizer's files as they lie beside the checkpoints, with the SHA-256 of each.</param>
/// <param name="Tokens">Tokens of the text.</param>
/// <param name="TrainingTokens">Those that are trained on, its beginning; the others are held out.</param>
/// <param name="DroppedBytes">Bytes that the tokenizer has no token for.</param>
/// <param name="IdsSha256">The stored ids.</param>
sealed record CorpusDocument(
    int Version, string File, string Sha256, IReadOnlyDictionary<string, string> Tokenizer, long Tokens, long TrainingTokens, long DroppedBytes, string IdsSha256);

/// <summary>How such documents are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CorpusDocument))]
sealed partial class CorpusJson : JsonSerializerContext;
