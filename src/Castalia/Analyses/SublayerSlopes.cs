using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Which sublayer of the last block carries the dependence of gain on entropy or certainty.</summary>
/// <param name="Sublayer">Attention or MLP.</param>
/// <param name="OnEntropy">Its part of gain² − 1, per nat, length and category held fixed.</param>
/// <param name="OnTopProbability">The same per unit of top-1 probability.</param>
/// <remarks>The parts of the two sublayers add up to gain² − 1, and so do their slopes.</remarks>
sealed record SublayerSlopes(string Sublayer, Figure<AdjustedSlope> OnEntropy, Figure<AdjustedSlope> OnTopProbability)
{
    /// <summary>Attention, then the MLP.</summary>
    public static IReadOnlyList<SublayerSlopes> Both(GainSample sample, IReadOnlyList<string>? texts)
    {
        var controls = Controls.None.WithLength(sample).WithCategory(sample);
        double[] entropy = sample.Entropies, top = [.. sample.Points.Select(p => p.TopProbability)];
        return [Of("attention", p => p.AttributionAttn), Of("MLP", p => p.AttributionMlp)];

        SublayerSlopes Of(string name, Func<GainPoint, double> part)
        {
            double[] figure = [.. sample.Points.Select(part)];
            return new(name, AdjustedSlope.Of(entropy, figure, controls, texts), AdjustedSlope.Of(top, figure, controls, texts));
        }
    }
}
