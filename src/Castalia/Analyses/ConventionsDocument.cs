using System.Text.Json.Serialization;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Analyses;

/// <summary>What <c>castalia conventions --json</c> prints.</summary>
sealed record ConventionsDocument(
    string Format, string Software, string Store, PublishedFigureDocument? Published, IReadOnlyList<SettingsDocument> Runs, int DistinctModels, IReadOnlyList<ModelConventionsDocument> Models)
{
    /// <summary>The document.</summary>
    /// <param name="models">At least one, all held against the same figure or none.</param>
    /// <param name="store">Folder of the runs.</param>
    public static ConventionsDocument Of(IReadOnlyList<ModelConventions> models, string store) => new(
        "castalia conventions 1", Machine.Software.NameAndVersion, store,
        models[0].Match?.Figure is { } f ? new(f.Text, f.Value, f.Decimals, f.Low, f.High) : null,
        [.. models.Select(m => m.Model.Settings).Distinct().Select(SettingsDocument.Of)], ModelConventions.DistinctModels(models),
        [.. models.Select(ModelConventionsDocument.Of)]);
}

/// <summary>A published figure and what may have been rounded to it.</summary>
sealed record PublishedFigureDocument(string Figure, double Value, int Decimals, double Low, double High);

/// <summary>A model under every convention; the members on matching only where a figure was given.</summary>
sealed record ModelConventionsDocument(
    string Run, string Model, int Blocks, long Parameters, string Activation, int Prompts, string PromptsSha256, string? WeightsSha256, string Identity, string IdentityBasis,
    string ArithmeticSha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Matching,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Defined,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MatchingRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? MatchingRulesExpectedByWidth,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ShareOfSpanCovered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WidthMethod,
    IReadOnlyList<ConventionDocument> Cells, IReadOnlyList<ResolutionDocument> Resolution)
{
    public static ModelConventionsDocument Of(ModelConventions conventions)
    {
        var m = ModelDocument.Of(conventions.Model);
        var match = conventions.Match;
        return new(
            m.Run, m.Model, m.Blocks, m.Parameters, m.Activation, m.Prompts, m.PromptsSha256, m.WeightsSha256, m.Identity, m.IdentityBasis, m.ArithmeticSha256,
            match?.Matching, match?.Nearest.Count, match?.Rules, match?.MatchingRules, match?.Expected, match?.Covered,
            match is null ? null : FormattableString.Invariant($"figures of as many decimals, uniform within ±{FigureMatch.Span} of the published one, relative"),
            [.. conventions.Grid.Select(cell => match is null ? ConventionDocument.Of(cell) : HeldConventionDocument.Of(cell, match.Figure))],
            [.. conventions.Resolution.Select(ResolutionDocument.Of)]);
    }
}

/// <summary>A model under one convention.</summary>
[JsonDerivedType(typeof(HeldConventionDocument))]
record ConventionDocument(string ReferencePoint, string PositionRule, string Precision, int Prompts, int N, double? Mean, string? UndefinedBecause, string Method)
{
    public static ConventionDocument Of(ConventionCell c) => new(
        GoldenNames.Of(c.Point), GoldenNames.Of(c.Rule), GoldenNames.Of(c.Precision), c.Prompts, c.N, c.Mean.Value, c.Mean.UndefinedBecause,
        "arithmetic mean over prompts of each prompt's gain");
}

/// <summary>The same held against a published figure, which its members follow.</summary>
sealed record HeldConventionDocument(
    ConventionDocument Convention, [property: JsonPropertyOrder(1)] double? OffBy, [property: JsonPropertyOrder(1)] bool RoundsToIt) : ConventionDocument(Convention)
{
    [JsonIgnore]
    public ConventionDocument Convention { get; } = Convention;

    public static HeldConventionDocument Of(ConventionCell c, PublishedFigure figure) =>
        new(Of(c), c.Mean.Value - figure.Value, c.Mean.Value is { } mean && figure.MayBe(mean));
}

/// <summary>What a half-precision type can tell apart at a model's norms.</summary>
sealed record ResolutionDocument(
    string ReferencePoint, string Precision, int N, double MedianNumerator, double MedianDenominator, double NumeratorSpacing, double DenominatorSpacing,
    double StepMedian, double StepLeast, double StepLargest, int RecordedAs_1ButNot_1, string Method)
{
    public static ResolutionDocument Of(NormResolution r) => new(
        GoldenNames.Of(r.Point), GoldenNames.Of(r.Precision), r.N, r.Numerator, r.Denominator, r.NumeratorSpacing, r.DenominatorSpacing, r.Step, r.LeastStep, r.LargestStep,
        r.NotTellable, "spacing at a prompt's rounded numerator / its rounded denominator, last token");
}
