using System.Text.Json.Serialization;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.Hypotheses.Separation;

namespace Castalia.Hypotheses;

/// <summary>How documents on hypotheses are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SeparationDocument))]
[JsonSerializable(typeof(VerdictsDocument))]
[JsonSerializable(typeof(TrialsDocument))]
[JsonSerializable(typeof(StudiesDocument))]
// What a row of evidence and a result hold.
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
sealed partial class HypothesisJson : JsonSerializerContext;
