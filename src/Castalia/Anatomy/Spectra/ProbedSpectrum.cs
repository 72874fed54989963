using Castalia.Derivatives;
using Castalia.Untrained;

namespace Castalia.Anatomy.Spectra;

/// <summary>What is known of the singular values of a wide matrix without decomposing it: the largest with a bound, their product, and by random probes the share below 1.</summary>
/// <remarks>
/// Stochastic Lanczos quadrature (Ubaru, Chen and Saad 2017, SIAM J. Matrix Anal. Appl. 38): for a unit vector v of seeded normal deviates, the squares of the first
/// entries of the right vectors of the bidiagonal B that v begins are weights of a Gauss rule, Σ wₖ·f(σₖ) estimates the mean of f(σᵢ) without bias beside the rule's own
/// error, and probes scatter about it: the standard error is theirs. Of the share below 1, a step, the rule's error can reach the weight of one node.
/// </remarks>
static class ProbedSpectrum
{
    /// <summary>Probes.</summary>
    public const int Probes = 16;

    /// <summary>Steps of each.</summary>
    public const int Steps = 48;

    const ulong Seed = 20263;

    /// <summary>Of a matrix [width × width], row-major.</summary>
    public static Spectrum Of(double[] values, int width)
    {
        var matrix = new SquareMatrix(values, width);
        double[] shares = new double[Probes];
        for (int probe = 0; probe < Probes; probe++)
        {
            var b = new Bidiagonalization(matrix, NormalDeviates.Key(Seed, FormattableString.Invariant($"probe {probe}")));
            while (b.Order < Steps && !b.IsWhole) b.Step();
            var (nodes, _, right) = SmallSvd.Bidiagonal(b.Diagonal, b.Beside);
            for (int k = 0; k < nodes.Length; k++)
                if (nodes[k] < 1) shares[probe] += right[k][0] * right[k][0];
        }
        var norm = SpectralNorm.Of(matrix);
        return new()
        {
            Method = SpectrumMethod.Randomised,
            SingularValues = [norm.Value],
            LeadingBound = norm.Bound,
            LogAbsDet = LogDeterminant.Of(values, width),
            ShareContracting = shares.Average(),
            ShareContractingError = StandardError(shares),
        };
    }

    static double StandardError(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
