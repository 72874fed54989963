using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>How the documents of analyses are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BentovDocument))]
[JsonSerializable(typeof(CategoriesDocument))]
[JsonSerializable(typeof(CompareDocument))]
[JsonSerializable(typeof(ConventionsDocument))]
[JsonSerializable(typeof(GainsDocument))]
[JsonSerializable(typeof(ScalingDocument))]
// What stands where a document says only "object": a statistic, or why there is none.
[JsonSerializable(typeof(UndefinedStatistic))]
[JsonSerializable(typeof(UndefinedFigure))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(IntervalDocument))]
[JsonSerializable(typeof(IntervalStatistic))]
[JsonSerializable(typeof(TDocument))]
[JsonSerializable(typeof(SignedRankDocument))]
[JsonSerializable(typeof(EffectDocument))]
[JsonSerializable(typeof(AssociationDocument))]
[JsonSerializable(typeof(PowerLawDocument))]
[JsonSerializable(typeof(CovarianceDocument))]
[JsonSerializable(typeof(KruskalWallisDocument))]
[JsonSerializable(typeof(PermutedDocument))]
[JsonSerializable(typeof(ByTextDocument))]
[JsonSerializable(typeof(LineDocument))]
[JsonSerializable(typeof(CrossingDocument))]
[JsonSerializable(typeof(SlopeDocument))]
[JsonSerializable(typeof(DifferenceDocument))]
[JsonSerializable(typeof(SignDocument))]
[JsonSerializable(typeof(EquivalenceDocument))]
sealed partial class AnalysisJson : JsonSerializerContext;
