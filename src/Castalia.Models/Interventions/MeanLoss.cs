using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Mean cross-entropy of a text.</summary>
static class MeanLoss
{
    /// <summary>Of the positions where it is known; NaN where it is known at none.</summary>
    /// <param name="losses">By position; nats; NaN where the next token is not known.</param>
    public static double Of(IEnumerable<double> losses)
    {
        double sum = 0;
        int count = 0;
        foreach (double loss in losses)
        {
            if (double.IsNaN(loss)) continue;
            sum += loss;
            count++;
        }
        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>Of a clean pass; NaN where only the last position was read.</summary>
    public static double Of(PromptReadings readings) => Of(readings.Outputs.Select(output => output?.LossNats ?? double.NaN));
}
