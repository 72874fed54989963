namespace Castalia.Attribution;

/// <summary>What reference texts say of the stream before and after one block: all positions but the first of each.</summary>
sealed record ReferenceBlock
{
    /// <summary>Name of the direction of the mean.</summary>
    public const string MeanName = "reference_mean";

    /// <summary>Name of the set of the first principal components.</summary>
    public const string ComponentsName = "reference_components";

    /// <summary>Block, from 0.</summary>
    public required int Block { get; init; }

    /// <summary>Positions that were averaged.</summary>
    public required int Positions { get; init; }

    /// <summary>μ before the block, by coordinate.</summary>
    public required double[] MeanBefore { get; init; }

    /// <summary>μ after the block.</summary>
    public required double[] MeanAfter { get; init; }

    /// <summary>Mean |h_i| before the block.</summary>
    public required double[] SizeBefore { get; init; }

    /// <summary>√⟨h_i²⟩ before the block.</summary>
    public required double[] RmsBefore { get; init; }

    /// <summary>√⟨h_i²⟩ after the block.</summary>
    public required double[] RmsAfter { get; init; }

    /// <summary>Coordinates by mean |h_i| before the block, the largest first, on a tie the smaller index.</summary>
    public required IReadOnlyList<int> Ranking { get; init; }

    /// <summary>μ before the block, of length 1; null where it is 0.</summary>
    public required DirectionSet? MeanDirection { get; init; }

    /// <summary>The first principal components before the block, about μ; null where they are not determined.</summary>
    public required PrincipalComponents? Components { get; init; }

    /// <summary>Kurtosis over i of √⟨h_i²⟩ before the block: 3 in a normal distribution; NaN where all are equal.</summary>
    public double KurtosisBefore => Kurtosis(RmsBefore);

    /// <summary>The same after the block.</summary>
    public double KurtosisAfter => Kurtosis(RmsAfter);

    /// <summary>‖μ‖²/⟨‖h‖²⟩ before the block: what all positions share.</summary>
    public double MeanShareBefore => Share(MeanBefore, RmsBefore);

    /// <summary>The same after the block.</summary>
    public double MeanShareAfter => Share(MeanAfter, RmsAfter);

    static double Share(double[] mean, double[] rms) => LaneSums.Dot(mean, mean) / LaneSums.Dot(rms, rms);

    /// <summary>Fourth central moment over the square of the second, both over n.</summary>
    internal static double Kurtosis(double[] values)
    {
        double mean = values.Average(), second = 0, fourth = 0;
        foreach (double value in values)
        {
            double square = (value - mean) * (value - mean);
            second += square;
            fourth += square * square;
        }
        return values.Length * fourth / (second * second);
    }
}

/// <summary>The first principal components of the stream over positions.</summary>
/// <param name="Directions">Orthonormal, of largest variance first.</param>
/// <param name="Shares">Share of the whole variance, Σ of all coordinates', along each.</param>
/// <param name="Error">Bound on the sine of the angle by which their span may be off.</param>
sealed record PrincipalComponents(DirectionSet Directions, IReadOnlyList<double> Shares, double Error)
{
    /// <summary>How many are taken.</summary>
    public const int Most = 5;
}
