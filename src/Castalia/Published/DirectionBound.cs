using Castalia.Prompts;

namespace Castalia.Published;

/// <summary>What a gain below 1 says of direction, whatever the block wrote: cos θ ≤ −√(1 − G²).</summary>
/// <remarks>
/// G² = 1 + 2·r·cos θ + r², r ≥ 0, so cos θ = (G² − 1 − r²)/2r, which is largest where r = √(1 − G²). Below 1 the bound is a convex function of
/// G: the bound at the mean gain is not a bound on the mean of cos θ, the mean of the prompts' bounds is.
/// </remarks>
/// <param name="Model">The model.</param>
/// <param name="Prompts">Prompts with a gain below 1, and each one's bound.</param>
/// <param name="AtMean">The bound for a prompt with the mean gain; null where the mean is not below 1.</param>
/// <param name="OfMean">Bound on the mean of cos θ over prompts; null unless every gain is below 1.</param>
sealed record DirectionBound(string Model, IReadOnlyList<(int Prompt, double Gain, double Bound)> Prompts, double? AtMean, double? OfMean)
{
    /// <summary>−√(1 − G²); null where G is not below 1 and nothing follows.</summary>
    public static double? Of(double gain) => gain < 1 ? -Math.Sqrt(1 - gain * gain) : null;

    /// <summary>The bounds of a model.</summary>
    public static DirectionBound Of(StudyModel model)
    {
        (int, double, double Bound)[] prompts =
            [.. model.Readings.Where(r => r.Gain < 1).Select(r => (r.Prompt, r.Gain, Of(r.Gain)!.Value))];
        return new(
            model.Model, prompts, Of(model.Gains().Average()), prompts.Length == model.Readings.Count ? prompts.Average(p => p.Bound) : null);
    }
}
