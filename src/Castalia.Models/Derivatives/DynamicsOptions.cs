using Castalia.Attribution;

namespace Castalia.Derivatives;

/// <summary>What is asked of the blocks as maps.</summary>
sealed record DynamicsOptions
{
    /// <summary>Which blocks.</summary>
    public required BlockChoice Blocks { get; init; }

    /// <summary>Singular values of a matrix [width × width], row-major; called from several threads.</summary>
    public required Func<double[], int, Spectrum> Spectrum { get; init; }

    /// <summary>Seed of the random directions.</summary>
    public required long Seed { get; init; }

    /// <summary>Where Jacobians are written; null for nowhere.</summary>
    public string? JacobianFile { get; init; }

    /// <summary>ε of finite perturbations.</summary>
    public static IReadOnlyList<double> Sizes { get; } = [0.01, 0.1, 0.3];

    /// <summary>s of recovery.</summary>
    public static IReadOnlyList<double> Scales { get; } = [0.5, 0.8, 0.9, 1.1, 1.25, 2];

    /// <summary>Random directions of each size, the same for every prompt and block.</summary>
    public const int Directions = 10;
}
