using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Norms at the last token of one prompt; null where undefined.</summary>
/// <param name="Point">Which norms.</param>
/// <param name="Numerator">‖h_L‖, ‖n‖ or ‖h_{L−1}‖.</param>
/// <param name="Denominator">‖h_{L−1}‖ or ‖h_{L−2}‖.</param>
readonly record struct NormPair(ReferencePoint Point, double? Numerator, double? Denominator);

/// <summary>What a half-precision type can tell apart at the norms of a model's prompts.</summary>
/// <param name="Point">Which norms are divided.</param>
/// <param name="Precision">bfloat16 or float16.</param>
/// <param name="N">Prompts.</param>
/// <param name="Numerator">Median norm above the line.</param>
/// <param name="Denominator">Median norm below it.</param>
/// <param name="NumeratorSpacing">Distance of neighbouring numbers at the median above the line.</param>
/// <param name="DenominatorSpacing">The same below it.</param>
/// <param name="Step">By how much the next larger norm above the line moves a gain: median over prompts of spacing / denominator.</param>
/// <param name="LeastStep">Smallest of the prompts.</param>
/// <param name="LargestStep">Largest of the prompts.</param>
/// <param name="NotTellable">Prompts whose gain is not 1 but whose two norms round to the same number: recorded as neither.</param>
readonly record struct NormResolution(
    ReferencePoint Point, NormPrecision Precision, int N, double Numerator, double Denominator, double NumeratorSpacing,
    double DenominatorSpacing, double Step, double LeastStep, double LargestStep, int NotTellable)
{
    /// <summary>Each reference point in bfloat16 and float16; those left out where a norm is missing, 0 or too large in every prompt.</summary>
    public static IReadOnlyList<NormResolution> All(IReadOnlyList<NormPair> norms) =>
    [
        .. from point in Runs.GoldenNames.Points
           from precision in new[] { NormPrecision.BFloat16, NormPrecision.Float16 }
           let usable = Usable(norms, point.Point, precision)
           where usable.Count > 0
           select Of(point.Point, precision, usable),
    ];

    static List<(double Numerator, double Denominator)> Usable(IReadOnlyList<NormPair> norms, ReferencePoint point, NormPrecision precision) =>
    [
        .. norms.Where(n => n.Point == point && n.Numerator is not null && n.Denominator is > 0)
            .Select(n => (n.Numerator!.Value, n.Denominator!.Value))
            .Where(n => double.IsFinite(precision.Round(n.Item1)) && double.IsFinite(precision.Round(n.Item2)) && precision.Round(n.Item2) > 0),
    ];

    static NormResolution Of(ReferencePoint point, NormPrecision precision, List<(double Numerator, double Denominator)> norms)
    {
        double[] steps = [.. norms.Select(n => NormSpacing.At(precision, n.Numerator) / precision.Round(n.Denominator)).Order()];
        double numerator = Median(norms.Select(n => n.Numerator)), denominator = Median(norms.Select(n => n.Denominator));
        return new(
            point, precision, norms.Count, numerator, denominator, NormSpacing.At(precision, numerator), NormSpacing.At(precision, denominator),
            Describe.Quantile(steps, 0.5), steps[0], steps[^1],
            norms.Count(n => n.Numerator != n.Denominator && precision.Round(n.Numerator) == precision.Round(n.Denominator)));
    }

    static double Median(IEnumerable<double> values) => Describe.Quantile([.. values.Order()], 0.5);
}
