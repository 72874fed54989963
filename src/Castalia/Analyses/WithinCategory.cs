using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Gain and entropy within one category.</summary>
/// <param name="Category">The category.</param>
/// <param name="Prompts">Prompts in it.</param>
/// <param name="Pearson">r(gain, entropy) of its prompts.</param>
public sealed record WithinCategory(string Category, int Prompts, Figure<Association> Pearson)
{
    /// <summary>Each category, in order of first appearance; none where prompts have no categories.</summary>
    public static IReadOnlyList<WithinCategory> All(GainSample sample) => [.. sample.Categories.Select(name =>
    {
        List<GainPoint> points = [.. sample.Points.Where(p => p.Category == name)];
        return new WithinCategory(name, points.Count, Correlation.Pearson([.. points.Select(p => p.Gain)], [.. points.Select(p => p.Entropy)]));
    })];

    /// <summary>r(gain, entropy) with the categories' means taken out of both.</summary>
    public static Figure<Association> Pooled(GainSample sample)
    {
        var controls = Controls.None.WithCategory(sample);
        return controls.Columns.Count == 0
            ? Figure<Association>.Undefined(controls.LeftOut[0])
            : PartialCorrelation.Of(sample.Gains, sample.Entropies, controls.Columns);
    }
}
