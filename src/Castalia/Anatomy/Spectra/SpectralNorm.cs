namespace Castalia.Anatomy.Spectra;

/// <summary>A largest singular value.</summary>
/// <param name="Value">σ.</param>
/// <param name="Bound">There is a singular value of the matrix within this of it.</param>
/// <param name="Steps">Products with the matrix and its transpose.</param>
readonly record struct SpectralNorm(double Value, double Bound, int Steps)
{
    /// <summary>What the bound is brought below, relative to σ.</summary>
    public const double Tolerance = 1e-10;

    const ulong Seed = 20260;

    /// <summary>Of a matrix.</summary>
    /// <remarks>
    /// The bound says that σ is a singular value; that it is the largest holds unless the first vector, a seeded normal deviate, has no part in the
    /// leading one to more than about 1e-10 of its length, which has a chance of that order.
    /// </remarks>
    /// <param name="map">The matrix.</param>
    /// <exception cref="ArithmeticException">It did not converge, even with all there is.</exception>
    /// <param name="seed">Of the first vector.</param>
    internal static SpectralNorm Of(ILinearMap map, ulong seed = Seed)
    {
        // Of a wide matrix B would be wide too; its transpose has the same singular values.
        var b = new Bidiagonalization(map.Rows < map.Columns ? new Transposed(map) : map, seed);
        for (int look = 8; ; look = Math.Min(look + Math.Max(4, look / 6), Math.Min(map.Rows, map.Columns)))
        {
            while (b.Order < look && !b.IsWhole) b.Step();
            var (sigma, left, right) = Bidiagonal.Largest(b.Diagonal, b.Beside);
            double bound = Residual(b, sigma, left, right);
            if (bound <= Tolerance * sigma || (sigma == 0 && bound == 0)) return new(sigma, bound, b.Order);
            if (b.IsWhole) throw new ArithmeticException($"No singular value to within {Tolerance}: {sigma} ± {bound} after {b.Order} steps.");
        }
    }

    /// <summary>‖(Aᵀu − σv, Av − σu)‖ for the vectors carried over, by B alone.</summary>
    static double Residual(Bidiagonalization b, double sigma, double[] left, double[] right)
    {
        int k = b.Order;
        double sum = Math.Pow(b.Beside[k - 1] * left[k - 1], 2);
        for (int i = 0; i < k; i++)
        {
            double times = b.Diagonal[i] * right[i] + (i < k - 1 ? b.Beside[i] * right[i + 1] : 0) - sigma * left[i];
            double transposed = b.Diagonal[i] * left[i] + (i > 0 ? b.Beside[i - 1] * left[i - 1] : 0) - sigma * right[i];
            sum += times * times + transposed * transposed;
        }
        return Math.Sqrt(sum);
    }
}
