namespace Castalia.Training;

/// <summary>What AdamW is told (Loshchilov and Hutter 2019, arXiv 1711.05101).</summary>
/// <param name="Beta1">Of the mean of gradients.</param>
/// <param name="Beta2">Of the mean of their squares.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Decay">Per step and unit of learning rate, decoupled.</param>
public sealed record AdamWOptions(double Beta1, double Beta2, double Epsilon, double Decay);
