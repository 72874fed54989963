using Castalia.Derivatives;

namespace Castalia.Anatomy.Spectra;

/// <summary>Singular values of a Jacobian: all of them up to a width of <see cref="MostExact"/>; above it the largest and their product, and the share below 1 by random probes.</summary>
static class JacobianSpectrum
{
    /// <summary>The widest Jacobian that is decomposed whole.</summary>
    public const int MostExact = 1024;

    /// <summary>Of a matrix [width × width], row-major.</summary>
    public static Spectrum Of(double[] jacobian, int width) => width <= MostExact ? Exact(jacobian, width) : ProbedSpectrum.Of(jacobian, width);

    /// <summary>By a singular value decomposition.</summary>
    internal static Spectrum Exact(double[] jacobian, int width)
    {
        double[] values = SingularValues.Of(jacobian, width);
        double sum = 0;
        foreach (double value in values) sum += Math.Log(value);
        return new()
        {
            Method = SpectrumMethod.Exact,
            SingularValues = values,
            LogAbsDet = sum,
            ShareContracting = values.Count(value => value < 1) / (double)width,
        };
    }
}

/// <summary>A square matrix in memory.</summary>
/// <param name="values">[width × width], row-major.</param>
/// <param name="width">Rows and columns.</param>
sealed class SquareMatrix(double[] values, int width) : ILinearMap
{
    public int Rows => width;

    public int Columns => width;

    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int row = 0; row < width; row++) y[row] = Vectors.Dot(values.AsSpan(row * width, width), x);
    }

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        x.Clear();
        for (int row = 0; row < width; row++) Vectors.Add(y[row], values.AsSpan(row * width, width), x);
    }
}
