namespace Castalia.Training;

/// <summary>Where a run left the range of float32.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Tensor">The tensor whose gradient is no finite number, or the one with the weight of largest size.</param>
/// <param name="Value">That gradient, or that weight.</param>
sealed record Divergence(int Step, string Tensor, float Value);
