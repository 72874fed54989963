using System.Text.Json.Serialization;
using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Cards;

namespace Castalia.Anatomy;

/// <summary>One model as it was read.</summary>
/// <param name="Facts">What its config and its tensors' headers say.</param>
/// <param name="Weights">What its weights say; null where they were not at hand.</param>
/// <param name="Spectra">Their spectra; null where they were left out.</param>
/// <param name="Alone">What was read where its weights were not; null where they were.</param>
sealed record ReadAnatomy(AnatomyFacts Facts, WeightAnatomy? Weights, SpectralAnatomy? Spectra, string? Alone);

/// <summary>What <c>castalia anatomy --json</c> prints.</summary>
sealed record AnatomyDocument(string Format, IReadOnlyList<ModelAnatomyDocument> Models, IReadOnlyList<FactDifferenceDocument>? Differing, IReadOnlyList<string>? NotKnown, IReadOnlyList<RevisionDocument>? Revisions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StudyLineDocument>? StudyComparison)
{
    /// <summary>The document.</summary>
    public static AnatomyDocument Of(IReadOnlyList<ReadAnatomy> models, AnatomyDifference? difference, IReadOnlyList<RevisionComparison> revisions) => new(
        "castalia anatomy 1", [.. models.Select(ModelAnatomyDocument.Of)],
        difference is null ? null : [.. difference.Differing.Select(d => new FactDifferenceDocument(d.Key, d.Name, [.. d.Facts.Select(fact => fact.Text)], d.FollowsFrom, [.. d.Against.Select(counter => counter.Model).Distinct()]))],
        difference?.Unknown, difference is null ? null : [.. revisions.Select(RevisionDocument.Of)],
        models.Count == 2 && Cards.StudyComparison.Models.All(model => models.Any(read => read.Facts.Model.Equals(model, StringComparison.OrdinalIgnoreCase)))
            ? [.. Cards.StudyComparison.Lines.Select(line => new StudyLineDocument(line.What, line.Study, line.Verdict.Word(), line.Right, line.Wrong, line.Sources))] : null);
}

/// <summary>A model.</summary>
sealed record ModelAnatomyDocument(string Model, string? ReadFrom, IReadOnlyList<FactDocument> Facts, IReadOnlyList<BlockAnatomyDocument>? Blocks, FoldedUnembeddingDocument? Unembedding, OverlapDocument? Overlap)
{
    public static ModelAnatomyDocument Of(ReadAnatomy read) => new(
        read.Facts.Model, read.Alone, [.. read.Facts.Facts.Select(fact => new FactDocument(fact.Key, fact.Name, fact.Group.ToString().ToLowerInvariant(), fact.Text, fact.Unit, fact.IsKnown))],
        read.Weights is null ? null : [.. read.Weights.Blocks.Select((block, i) => BlockAnatomyDocument.Of(block, read.Spectra?.Blocks[i]))],
        read.Weights is { Unembedding: var folded } ? new(folded.Rows, folded.Frobenius, folded.Centred, read.Spectra?.FoldedUnembedding.Value) : null,
        read.Spectra is { Overlap: var overlap } ? new(overlap.Directions, overlap.Rows, overlap.IsTied, overlap.Angles?.Cosines, overlap.Angles?.Sines, overlap.Error) : null);
}

/// <summary>A fact.</summary>
sealed record FactDocument(string Key, string Name, string Group, string Value, string Unit, bool Known);

/// <summary>A fact that differs.</summary>
sealed record FactDifferenceDocument(string Key, string Name, IReadOnlyList<string> Values, IReadOnlyList<string> FollowsFrom, IReadOnlyList<string> RuledOutBy);

/// <summary>The weights of a block, and the spectral norms where they were computed.</summary>
sealed record BlockAnatomyDocument(int Block, IReadOnlyList<WeightFiguresDocument> Weights, double? SpectralAttnOut, IReadOnlyList<double>? SpectralMlpDown, double? SpectralValueOut, double? FrobeniusValueOut)
{
    public static BlockAnatomyDocument Of(BlockAnatomy block, BlockSpectra? spectra) => new(
        block.Layer, [.. block.Weights.Select(w => new WeightFiguresDocument(w.Role.ToString(), w.Part, w.Count, w.Mean, w.Sd, w.Frobenius, w.Largest))],
        spectra?.AttnOut.Value, spectra is null ? null : [.. spectra.Down.Select(norm => norm.Value)], spectra?.ValueOut.Value, spectra?.ValueOutFrobenius);
}

/// <summary>A weight.</summary>
sealed record WeightFiguresDocument(string Role, int Part, long Count, double Mean, double Sd, double Frobenius, double Largest);

/// <summary>The unembedding with the final norm's gain.</summary>
sealed record FoldedUnembeddingDocument(int Rows, double Frobenius, double Centred, double? Spectral);

/// <summary>Principal angles of embedding and unembedding.</summary>
sealed record OverlapDocument(int Directions, int Rows, bool Tied, IReadOnlyList<double>? Cosines, IReadOnlyList<double>? Sines, double Error);

/// <summary>A line of the study's comparison.</summary>
sealed record StudyLineDocument(string What, string? Study, string Verdict, string Right, string? Wrong, IReadOnlyList<string> Sources);

/// <summary>Every weight of a model beside the same of the first named, W₀.</summary>
sealed record RevisionDocument(string Model, string Beside, int Compared, IReadOnlyList<string> DifferingTensors, IReadOnlyList<RevisionWeightDocument> Weights)
{
    public static RevisionDocument Of(RevisionComparison compared) => new(
        compared.Model, compared.Other, compared.Weights.Count, compared.DifferingTensors,
        [.. compared.Weights.Select(w => new RevisionWeightDocument(w.Role.ToString(), w.Layer, w.Part, w.Tensor, w.Differs, w.Cosine, w.Alpha, w.RelativeDistance))]);
}

/// <summary>A weight beside the same of another revision; undefined figures are null.</summary>
sealed record RevisionWeightDocument(string Role, int? Block, int Part, string Tensor, bool Differs, double? Cosine, double? Alpha, double? RelativeDistance);

/// <summary>How anatomies are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AnatomyDocument))]
sealed partial class AnatomyJson : JsonSerializerContext;
