using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;

namespace Castalia.Training;

/// <summary>A tensor in training: what is done to it, and what AdamW remembers of its gradients.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="decays">A matrix: biases and norms do not decay.</param>
/// <param name="isHeld">It stays as it is.</param>
/// <param name="multiplicity">How often its update is counted.</param>
sealed class TrainedTensor(Tensor tensor, bool decays, bool isHeld, int multiplicity)
{
    /// <summary>The tensor.</summary>
    public Tensor Tensor { get; } = tensor;

    /// <summary>A matrix.</summary>
    public bool Decays { get; } = decays;

    /// <summary>It stays as it is.</summary>
    public bool IsHeld { get; } = isHeld;

    /// <summary>How often its update is counted.</summary>
    public int Multiplicity { get; } = multiplicity;

    /// <summary>Running means of its gradients.</summary>
    public float[] Means { get; } = new float[isHeld ? 0 : tensor.Count];

    /// <summary>Running means of their squares.</summary>
    public float[] Squares { get; } = new float[isHeld ? 0 : tensor.Count];

    /// <summary>Every tensor of a network.</summary>
    public static IReadOnlyList<TrainedTensor> Of(ParameterSet parameters, IReadOnlySet<WeightRole> heldAtZero, TrainingOptions options)
    {
        var roles = parameters.Map.Bound.ToLookup(bound => bound.Tensor, bound => bound.Role);
        return
        [
            .. parameters.Tensors.Select(tensor => new TrainedTensor(
                tensor,
                decays: roles[tensor].Any(role => !WeightShapes.IsVector(role)),
                isHeld: roles[tensor].Any(role => heldAtZero.Contains(role) || (options.HoldsFinalNorm && role == WeightRole.FinalNorm)),
                multiplicity: roles[tensor].Any(role => role is WeightRole.AttnOutBias or WeightRole.MlpDownBias) ? options.BiasMultiplicity : 1)),
        ];
    }
}
