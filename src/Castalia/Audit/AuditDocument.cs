using System.Text.Json.Serialization;

namespace Castalia.Audit;

/// <summary>Everything that <c>castalia audit</c> found.</summary>
/// <param name="Report">What comparing the revisions brought to light.</param>
/// <param name="Decay">What is left of step 0 in a later step, beside what decay alone would leave; empty where that is not known.</param>
/// <param name="DecayOf">The two revisions, the later first; null where there are none.</param>
/// <param name="DecayUnknownBecause">Why there is no comparison; null where there is one.</param>
sealed record AuditResult(AuditReport Report, IReadOnlyList<DecayComparison> Decay, (string Later, string First)? DecayOf, string? DecayUnknownBecause);

/// <summary>What <c>castalia audit --json</c> prints.</summary>
sealed record AuditDocument(
    string Format, bool Clean, IReadOnlyList<AuditedRevision> Revisions, IReadOnlyList<AuditFindingDocument> Findings, IReadOnlyList<DecayDocument> Decay, string? DecayUnknownBecause)
{
    /// <summary>The document.</summary>
    public static AuditDocument Of(AuditResult result) => new(
        "castalia audit 1", result.Report.IsClean, [.. result.Report.Revisions.Select(one => new AuditedRevision(one.Name, one.Step, one.Tensors.Count, one.WeightsSha256))],
        [.. result.Report.Findings.Select(AuditFindingDocument.Of)],
        [.. result.Decay.Select(one => new DecayDocument(result.DecayOf!.Value.Later, result.DecayOf.Value.First, one.Role.ToString(), one.Alpha, one.Cosine, one.Surviving))], result.DecayUnknownBecause);
}

/// <summary>A revision.</summary>
sealed record AuditedRevision(string Name, long? Step, int Tensors, string WeightsSha256);

/// <summary>A finding.</summary>
sealed record AuditFindingDocument(string Kind, string Severity, IReadOnlyList<string> Revisions, IReadOnlyList<string>? Tensors, string? Owner, IReadOnlyList<InitialKindDocument>? Initial, IReadOnlyList<string>? Moved, string? KnownError)
{
    public static AuditFindingDocument Of(AuditFinding finding) => new(
        finding.Kind.ToString(), finding.Severity.ToString().ToLowerInvariant(), finding.Revisions, finding.Shared?.Tensors, finding.Shared?.Owner,
        finding.Initial is { } initial ? [.. initial.Kinds.Where(kind => kind.Contradicts).Select(kind => new InitialKindDocument(kind.Role.ToString(), kind.Deviation, kind.Documented!.Name, kind.Documented.Deviation, kind.Fits))] : null,
        finding.Initial is { } moved ? [.. moved.Moved.Select(one => $"{one.Role}{(one.Layer is { } layer ? FormattableString.Invariant($" of block {layer}") : "")}")] : null,
        finding.Initial is { IsKnownError: true } known ? known.ErrorOnCard : null);
}

/// <summary>Weights of step 0 that are not as documented.</summary>
sealed record InitialKindDocument(string Role, double Deviation, string Documented, double DocumentedDeviation, IReadOnlyList<string> Fits);

/// <summary>What is left of step 0.</summary>
sealed record DecayDocument(string Later, string First, string Role, double Alpha, double Cosine, double DecayAloneLeaves);

/// <summary>How audits are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AuditDocument))]
sealed partial class AuditJson : JsonSerializerContext;
