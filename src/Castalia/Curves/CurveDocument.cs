using System.Text.Json.Serialization;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Curves;

/// <summary>What <c>castalia curve --json</c> prints.</summary>
sealed record CurveDocument(
    string Format, string Software, string Store, string Reading, string Unit, double? Reference, long Seed, int Resamples, IReadOnlyList<KeptDocument> KeptDuplicates, IReadOnlyList<string> NotCheckedForDuplicates,
    IReadOnlyList<string> WithoutStep, IReadOnlyList<string> OneStepOnly, IReadOnlyList<string> WithoutReading, IReadOnlyList<CurveOfDocument> Curves)
{
    /// <summary>The document.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="store">Folder of the runs.</param>
    public static CurveDocument Of(CurveSet set, string store) => new(
        "castalia curve 1", Machine.Software.NameAndVersion, store, set.Reading.Key, set.Reading.Unit, set.Reading.Reference, set.Seed, Curve.Resamples,
        [.. set.Kept.Select(kept => new KeptDocument(kept.Label, kept.Steps))], set.Unknown, set.Found.WithoutStep, set.Found.OneStep, set.Found.WithoutReading, [.. set.Curves.Select(CurveOfDocument.Of)]);
}

/// <summary>Steps that hold the same weights and were drawn all the same.</summary>
sealed record KeptDocument(string Training, IReadOnlyList<long> Steps);

/// <summary>One curve.</summary>
sealed record CurveOfDocument(
    string Label, string Training, string PromptSet, string? Category, int Prompts, IReadOnlyList<PointDocument> Steps, IReadOnlyList<CrossingOfDocument> Crossings, object Onset, object Freeze, object LateSlope, object Slowing)
{
    public static CurveOfDocument Of(Curve curve) => new(
        curve.Series.Label, curve.Series.Training, curve.Series.PromptSet, curve.Series.Category, curve.Series.Prompts, [.. curve.Points.Select(PointDocument.Of)], [.. curve.Crossings.Select(CrossingOfDocument.Of)],
        StatisticDocuments.Of(curve.Onset, step => (object)step), StatisticDocuments.Of(curve.Freeze, step => (object)step),
        StatisticDocuments.Of(curve.End, end => new SlopeOfDocument(end.From, end.Steps, end.Slope, Ends(end.Interval95), end.Verdict.ToString().ToLowerInvariant(), "least squares of the mean on ln step; percentiles over prompts drawn again")),
        StatisticDocuments.Of(curve.Slowing, s => new SlowingDocument(s.From, s.To, s.Spacing, s.Points, s.Window, s.First, s.Last, s.Trend, "lag-1 autocorrelation in windows, each without its least-squares line; Kendall's τ with the window")));

    internal static object Ends(Figure<Interval> interval) => StatisticDocuments.Of(interval, IntervalDocument.Of);
}

/// <summary>A step.</summary>
sealed record PointDocument(
    long Step, long? EqualStep, string Run, string Model, string Identity, string IdentityBasis, int N, double? Mean, double? Sd, object Interval95, int? BelowReference)
{
    public static PointDocument Of(CurvePoint point) => new(
        point.Step, point.At.Merged, point.At.Run, point.At.Model, point.At.Identity.Weights, point.At.Identity.Basis.ToString().ToLowerInvariant(), point.Estimate.N, point.Estimate.Mean.Value,
        point.Estimate.Sd.Value, CurveOfDocument.Ends(point.Estimate.Interval95), point.Below);
}

/// <summary>A crossing.</summary>
sealed record CrossingOfDocument(double Step, string Direction, long After, long Until, object Interval95, string Method)
{
    public static CrossingOfDocument Of(StepCrossing crossing) => new(
        crossing.Step, crossing.IsFall ? "down" : "up", crossing.After, crossing.Until, CurveOfDocument.Ends(crossing.Interval95), "linear in the step between means; percentiles over prompts drawn again, the same at every step");
}

/// <summary>The slope near the end.</summary>
sealed record SlopeOfDocument(long From, int Steps, double SlopePerLnStep, object Interval95, string Verdict, string Method);

/// <summary>Lag-1 autocorrelation over steps.</summary>
sealed record SlowingDocument(long From, long To, long Spacing, int Points, int Window, double First, double Last, double KendallTau, string Method);

/// <summary>How curves are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CurveDocument))]
[JsonSerializable(typeof(UndefinedFigure))]
[JsonSerializable(typeof(IntervalDocument))]
[JsonSerializable(typeof(SlopeOfDocument))]
[JsonSerializable(typeof(SlowingDocument))]
[JsonSerializable(typeof(long))]
sealed partial class CurveJson : JsonSerializerContext;
