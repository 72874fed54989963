using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One prompt's gain in one convention.</summary>
/// <param name="Prompt">Name of the prompt.</param>
/// <param name="Point">Which norms were divided.</param>
/// <param name="Rule">Over which positions.</param>
/// <param name="Precision">To what each norm was rounded first.</param>
/// <param name="Gain">The gain; null where it is undefined.</param>
readonly record struct ConventionReading(string Prompt, ReferencePoint Point, PositionRule Rule, NormPrecision Precision, double? Gain);

/// <summary>One convention: the mean over prompts of the gain that each prompt has in it.</summary>
/// <param name="Point">Which norms are divided.</param>
/// <param name="Rule">Over which positions of a prompt.</param>
/// <param name="Precision">To what each norm is rounded first.</param>
/// <param name="Prompts">Prompts of the model.</param>
/// <param name="N">Prompts where the gain is defined.</param>
/// <param name="Mean">Mean over those; undefined where there is none.</param>
sealed record ConventionCell(ReferencePoint Point, PositionRule Rule, NormPrecision Precision, int Prompts, int N, Figure<double> Mean);

/// <summary>Every convention of MEASUREMENT §2: 3 reference points × 6 position rules × 3 precisions of a norm.</summary>
static class ConventionGrid
{
    /// <summary>Precisions in the order of the columns.</summary>
    public static IReadOnlyList<NormPrecision> Precisions { get; } = [NormPrecision.Float32, NormPrecision.BFloat16, NormPrecision.Float16];

    /// <summary>Cells in the order point, rule, precision; all 54, the undefined ones with the reason.</summary>
    public static IReadOnlyList<ConventionCell> Of(IReadOnlyList<ConventionReading> readings)
    {
        var byCell = readings.ToLookup(r => (r.Point, r.Rule, r.Precision));
        var defined = readings.Where(r => r.Gain is not null && r.Precision == NormPrecision.Float32).Select(r => (r.Point, r.Rule)).ToHashSet();
        return
        [
            .. from point in Runs.GoldenNames.Points
               from rule in Runs.GoldenNames.Rules
               from precision in Precisions
               select Cell(point.Point, rule.Rule, precision, [.. byCell[(point.Point, rule.Rule, precision)].Select(r => r.Gain)], defined),
        ];
    }

    static ConventionCell Cell(
        ReferencePoint point, PositionRule rule, NormPrecision precision, IReadOnlyList<double?> gains, HashSet<(ReferencePoint, PositionRule)> defined)
    {
        double[] values = [.. gains.Where(g => g is not null).Select(g => g!.Value)];
        return new(point, rule, precision, gains.Count, values.Length,
            values.Length > 0 ? Figure<double>.Of(Describe.Mean(values)) : Figure<double>.Undefined(Why(point, rule, precision, defined)));
    }

    /// <summary>Why no prompt has a gain there; <paramref name="defined"/> are the points and rules where unrounded norms have one.</summary>
    static string Why(ReferencePoint point, PositionRule rule, NormPrecision precision, HashSet<(ReferencePoint Point, PositionRule Rule)> defined) =>
        defined.Contains((point, rule)) ? $"in every prompt a norm is {(precision == NormPrecision.Float16 ? "above 65504" : "above 3.4E+38")} or rounds to 0"
        : defined.Any(d => d.Point == point) && rule is PositionRule.MeanOfRatiosWithoutFirst or PositionRule.RatioOfMeansWithoutFirst ? "no prompt has a token after its first"
        : point == ReferencePoint.Penultimate && defined.Any(d => d.Point == ReferencePoint.Block) ? "there is no block before the last"
        : "in every prompt a norm is 0";
}
