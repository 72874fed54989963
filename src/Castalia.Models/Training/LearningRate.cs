using Castalia.Kernels;

namespace Castalia.Training;

/// <summary>The learning rate of a step: linear warm-up, then a cosine that reaches its floor at the last step.</summary>
/// <param name="Peak">η at the end of the warm-up.</param>
/// <param name="WarmUp">Steps of the warm-up.</param>
/// <param name="Floor">Share of the peak that is left at the end.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Landing">The cosine aims at this share at the last step and is held at the floor from below; null for at the floor itself. GPT-NeoX: 0.</param>
sealed record LearningRate(double Peak, int WarmUp, double Floor, int Steps, double? Landing = null)
{
    /// <summary>η at a step.</summary>
    /// <param name="step">From 1.</param>
    public double At(int step)
    {
        if (step <= WarmUp) return Peak * step / WarmUp;
        double aim = Landing ?? Floor, done = Math.Min(1, (double)(step - WarmUp) / Math.Max(1, Steps - WarmUp));
        return Peak * Math.Max(Floor, aim + (1 - aim) * (0.5 + 0.5 * Elementary.SinCos(Math.PI * done).Cos));
    }
}
