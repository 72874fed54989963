namespace Castalia.Anatomy.Spectra;

/// <summary>A matrix known by what it does to vectors, float64.</summary>
interface ILinearMap
{
    /// <summary>Length of what it gives.</summary>
    int Rows { get; }

    /// <summary>Length of what it takes.</summary>
    int Columns { get; }

    /// <summary>y = A·x.</summary>
    void Times(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>x = Aᵀ·y.</summary>
    void TransposedTimes(ReadOnlySpan<double> y, Span<double> x);
}

/// <summary>A·(1 − V·Vᵀ): a matrix without what it does to some orthonormal directions.</summary>
/// <param name="map">The matrix.</param>
/// <param name="directions">The directions.</param>
sealed class WithoutDirections(ILinearMap map, IReadOnlyList<double[]> directions) : ILinearMap
{
    public int Rows => map.Rows;

    public int Columns => map.Columns;

    public void Times(ReadOnlySpan<double> x, Span<double> y)
    {
        double[] rest = x.ToArray();
        Take(rest);
        map.Times(rest, y);
    }

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x)
    {
        map.TransposedTimes(y, x);
        Take(x);
    }

    void Take(Span<double> x)
    {
        foreach (double[] v in directions) Vectors.Add(-Vectors.Dot(v, x), v, x);
    }
}

/// <summary>Aᵀ.</summary>
/// <param name="map">A.</param>
sealed class Transposed(ILinearMap map) : ILinearMap
{
    public int Rows => map.Columns;

    public int Columns => map.Rows;

    public void Times(ReadOnlySpan<double> x, Span<double> y) => map.TransposedTimes(x, y);

    public void TransposedTimes(ReadOnlySpan<double> y, Span<double> x) => map.Times(y, x);
}
