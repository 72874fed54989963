using Castalia.Statistics.Distributions;
using Castalia.Untrained;

namespace Castalia.Benchmarks.Coverage;

/// <summary>A distribution whose mean is known, drawn by index so that a sample does not depend on who draws it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Mean">Its mean.</param>
/// <param name="OfNormal">A value from a standard normal deviate.</param>
sealed record Population(string Name, double Mean, Func<double, double> OfNormal)
{
    public static readonly Population[] All =
    [
        new("normal", 0, z => z),
        new("lognormal, σ = 0.5 (skewness 1.75)", Math.Exp(0.125), z => Math.Exp(0.5 * z)),
        new("exponential (skewness 2)", 1, Exponential),
        new("lognormal, σ = 1 (skewness 6.18)", Math.Exp(0.5), Math.Exp),
    ];

    /// <summary>Sample number <paramref name="index"/>.</summary>
    public double[] Sample(ulong seed, int index, int n)
    {
        ulong key = NormalDeviates.Key(seed, Name);
        return [.. Enumerable.Range(0, n).Select(i => OfNormal(NormalDeviates.At(key, (long)index * n + i)))];
    }

    /// <summary>−ln P(Z > z) is exponential.</summary>
    public static double Exponential(double z) => -Math.Log(StandardNormal.Survival(z));
}

/// <summary>A distribution of pairs whose correlation is known.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Correlation">Pearson's r of the population.</param>
/// <param name="OfNormals">A pair from two independent standard normal deviates.</param>
sealed record PairPopulation(string Name, double Correlation, Func<double, double, (double X, double Y)> OfNormals)
{
    public static readonly PairPopulation[] All =
    [
        new("normal, ρ = 0", 0, (a, b) => (a, b)),
        new("normal, ρ = 0.5", 0.5, (a, b) => (a, 0.5 * a + Math.Sqrt(0.75) * b)),
        // X and X/√3 + E, both exponential: r = a/√(1 + a²) with a = 1/√3.
        new("exponential, ρ = 0.5", 0.5, (a, b) => (Population.Exponential(a), Population.Exponential(a) / Math.Sqrt(3) + Population.Exponential(b))),
        new("lognormal, σ = 1, ρ = 0.5", 0.5, (a, b) => (Math.Exp(a), Math.Exp(LogRho * a + Math.Sqrt(1 - LogRho * LogRho) * b))),
    ];

    /// <summary>Correlation of the logarithms whose exponentials correlate by ½: (eᵖ − 1)/(e − 1) = ½.</summary>
    static double LogRho => Math.Log(1 + 0.5 * (Math.E - 1));

    /// <summary>Sample number <paramref name="index"/>.</summary>
    public (double[] X, double[] Y) Sample(ulong seed, int index, int n)
    {
        ulong key = NormalDeviates.Key(seed, Name);
        double[] x = new double[n], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            long at = 2 * ((long)index * n + i);
            (x[i], y[i]) = OfNormals(NormalDeviates.At(key, at), NormalDeviates.At(key, at + 1));
        }
        return (x, y);
    }
}
