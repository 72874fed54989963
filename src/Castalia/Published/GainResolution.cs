using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Published;

/// <summary>What rounding the two norms leaves known of one recorded gain.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="Gain">The recorded gain.</param>
/// <param name="Pairs">Norms it may be a ratio of, up to a common power of two; none where they are float32's, of which too many fit.</param>
/// <param name="Ratios">Gains of unrounded norms that would have been recorded so; both ends included.</param>
/// <remarks>Only the rounding of the norms themselves: what a half-precision run loses before is not in the record.</remarks>
sealed record GainResolution(int Prompt, double Gain, IReadOnlyList<NormPair> Pairs, Interval Ratios)
{
    const double Float32HalfStep = 5.9604644775390625e-8; // 2⁻²⁴, the largest relative rounding error

    /// <summary>Whether an unrounded gain of exactly 1 could have been recorded so.</summary>
    public bool CouldBeOne => Ratios.Contains(1);

    /// <summary>The largest step of either norm, relative to it; the widest of those that fit.</summary>
    public double Step => Pairs.Count == 0 ? 2 * Float32HalfStep : Pairs.Max(pair => Math.Max(pair.StepAbove, pair.StepBelow));

    /// <summary>Every prompt of a model; none where its gains lie on no type's grid.</summary>
    /// <exception cref="ArgumentException">A gain is not on the grid of the type that the model states.</exception>
    public static IReadOnlyList<GainResolution> Of(StudyModel model) => model.NormPrecision is { } precision
        ? [.. model.Readings.Select(r => Of(r, precision))]
        : [];

    /// <summary>Mean gain if every rounding error leaned down, and if every one leaned up.</summary>
    public static Interval OfMean(IReadOnlyList<GainResolution> prompts) =>
        new(prompts.Average(p => p.Ratios.Low), prompts.Average(p => p.Ratios.High));

    static GainResolution Of(StudyReading r, NormPrecision precision)
    {
        if (precision == NormPrecision.Float32)
        {
            const double u = Float32HalfStep;
            return new(r.Prompt, r.Gain, [], new(r.Gain * (1 - u) / (1 + u), r.Gain * (1 + u) / (1 - u)));
        }
        // ‖h_L‖ stands above the line in both recorded ratios.
        var pairs = NormGrid.Pairs(r.Gain, r.TotalAmplification, precision);
        if (pairs.Count == 0) pairs = NormGrid.Pairs(r.Gain, precision);
        if (pairs.Count == 0) throw new ArgumentException($"{r.Gain:R} is no ratio of two {precision} norms.", nameof(r));
        return new(r.Prompt, r.Gain, pairs, new(pairs.Min(p => p.Ratios.Low), pairs.Max(p => p.Ratios.High)));
    }
}
