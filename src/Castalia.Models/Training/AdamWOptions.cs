using System.Text.Json.Serialization;

namespace Castalia.Training;

/// <summary>What AdamW is told (Loshchilov and Hutter 2019, arXiv 1711.05101).</summary>
/// <param name="Beta1">Of the mean of gradients.</param>
/// <param name="Beta2">Of the mean of their squares.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">Per step and unit of learning rate, decoupled.</param>
sealed record AdamWOptions(double Beta1, double Beta2, double Epsilon, double Decay)
{
    /// <summary>What the decay rises to, linearly, over the second third of the steps, to fall back over the last; null where it stays.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecayPeak { get; init; }

    /// <summary>The decay of a step, counted from 1.</summary>
    public double DecayAt(int step, int steps)
    {
        if (DecayPeak is not { } peak) return Decay;
        double third = steps / 3.0, share = Math.Max(0, 1 - Math.Abs(step - 2 * third) / third);
        return Decay + (peak - Decay) * share;
    }
}
