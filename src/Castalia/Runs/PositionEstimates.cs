using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>What every position of the prompts says about the last block; the first of each prompt, whose stream is unlike the others', is left out.</summary>
/// <remarks>Positions of one prompt depend on each other, so there is no interval: the unit of replication is the prompt.</remarks>
/// <param name="N">Positions where the gain is defined.</param>
/// <param name="GainMean">Mean of their gains.</param>
/// <param name="GainSd">Standard deviation, n − 1 in the variance.</param>
/// <param name="BelowOne">How many of the gains are below 1.</param>
/// <param name="EntropyMean">Mean entropy of the prediction at them; nats.</param>
/// <param name="GainEntropy">Pearson correlation of gain and entropy over them.</param>
sealed record PositionEstimates(
    int N, Figure<double> GainMean, Figure<double> GainSd, int BelowOne, Figure<double> EntropyMean, Figure<double> GainEntropy)
{
    /// <summary>Estimates of a model; null where outputs were read at the last position only.</summary>
    public static PositionEstimates? Of(ModelRun model, RunOptions options)
    {
        if (!options.AllPositions) return null;
        List<double> gains = [], entropies = [];
        foreach (var reading in model.Measurement.Readings)
        {
            for (int t = 1; t < reading.Tokens; t++)
            {
                double gain = reading.Blocks[^1][t].Gain;
                if (!double.IsFinite(gain) || reading.Outputs[t] is not { } output) continue;
                gains.Add(gain);
                entropies.Add(output.EntropyNats);
            }
        }
        return new(gains.Count, Mean(gains), Describe.Sd(gains), gains.Count(g => g < 1), Mean(entropies), Pearson.Of(gains, entropies));
    }

    static Figure<double> Mean(List<double> values) =>
        values.Count == 0 ? Figure<double>.Undefined("there are no values") : Figure<double>.Of(Describe.Mean(values));
}
