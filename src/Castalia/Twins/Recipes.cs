using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A recipe as a document: recipe.json beside every checkpoint.</summary>
/// <param name="Version">Raised when the same recipe gives other bits.</param>
/// <param name="Language">The language; null for a corpus.</param>
/// <param name="CorpusSha256">The corpus; null for a language.</param>
/// <param name="Held">Biases that are there and stay 0.</param>
/// <param name="Training">How it is trained.</param>
/// <param name="Corpus">The corpus and its tokenizer; left out for a language.</param>
sealed record RecipeDocument(
    int Version, LanguageOptions? Language, string? CorpusSha256, IReadOnlyList<string> Held, TrainingDocument Training,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CorpusDocument? Corpus);

/// <summary>How a network is trained.</summary>
sealed record TrainingDocument(
    int Steps, int Batch, int Tokens, long? DistinctTexts, LearningRate LearningRate, AdamWOptions Adamw, double? Clip, double ZTerm, int BiasMultiplicity, bool HoldFinalNorm,
    string Initialisation, double InitialScale, double EmbeddingScale, double InputScale, double OutputScale, double UnembeddingScale, ulong WeightSeed, ulong DataSeed);

/// <summary>How recipes are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RecipeDocument))]
sealed partial class RecipeJson : JsonSerializerContext;

/// <summary>Recipes as texts and hashes.</summary>
static class Recipes
{
    /// <summary>Raised when the same recipe gives other bits.</summary>
    public const int Version = 1;

    /// <summary>The document of a network's recipe.</summary>
    /// <param name="twin">Which.</param>
    /// <param name="corpus">What it is trained on; null for its language.</param>
    public static string Text(Twin twin, Corpus? corpus) => Text(twin, corpus?.Document);

    static string Text(Twin twin, CorpusDocument? corpus)
    {
        var (o, i) = (twin.Recipe.Options, twin.Recipe.Options.Initialisation);
        var document = new RecipeDocument(
            Version, corpus is null ? twin.Recipe.Language : null, corpus?.Sha256, [.. twin.Cell.Form.HeldAtZero.Select(role => $"{role}").Order(StringComparer.Ordinal)],
            new(o.Steps, o.Batch, o.Tokens, o.Distinct, o.Rate, o.AdamW, o.Clip, o.ZTerm, o.BiasMultiplicity, o.HoldsFinalNorm, $"{i.Scheme}", i.Scale, i.EmbeddingScale, i.InputScale,
                i.OutputScale, i.UnembeddingScale, o.WeightSeed, o.DataSeed), corpus);
        return JsonText.Of(JsonText.Node(document, RecipeJson.Default));
    }

    /// <summary>SHA-256 of all that decides a network's bits; the name of a corpus does not.</summary>
    public static string Hash(Twin twin, Corpus? corpus) => Hash($"{Text(twin, corpus is null ? null : corpus.Document with { File = "" })}{JsonText.Of(twin.Cell.Form.Config)}");

    /// <summary>SHA-256 of a text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
