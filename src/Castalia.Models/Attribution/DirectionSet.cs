namespace Castalia.Attribution;

/// <summary>Orthonormal directions of the stream, in groups that are counted together.</summary>
/// <remarks>
/// Rows that are orthonormal to <see cref="MostDeparture"/>, as those of a file of float32 are, are replaced by the nearest that are orthonormal to rounding: a change
/// of no row by more than about as much, and of the same span.
/// </remarks>
sealed class DirectionSet
{
    /// <summary>Largest |⟨b, b′⟩ − δ| that is taken for orthonormal.</summary>
    public const double MostDeparture = 1e-6;

    const double Rounding = 1e-14;
    const int MostSteps = 6;

    readonly double[] _rows;

    DirectionSet(string name, int width, double[] rows, int[] sizes) => (Name, Width, _rows, Sizes) = (name, width, rows, sizes);

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Width of the stream.</summary>
    public int Width { get; }

    /// <summary>Directions.</summary>
    public int Count => _rows.Length / Width;

    /// <summary>Directions of each group, in their order; 1 each where every direction counts by itself.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>A direction, [width].</summary>
    public ReadOnlySpan<double> this[int direction] => _rows.AsSpan(direction * Width, Width);

    /// <summary>A set of rows that are orthonormal to <see cref="MostDeparture"/>.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="width">Width of the stream.</param>
    /// <param name="rows">[k × width]; overwritten.</param>
    /// <param name="sizes">Directions of each group; null: 1 each.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static DirectionSet Of(string name, int width, double[] rows, IReadOnlyList<int>? sizes = null)
    {
        int count = rows.Length / width;
        if (count == 0 || rows.Length % width != 0) throw new ArgumentException($"{rows.Length} values are no rows of {width}.", nameof(rows));
        int[] groups = sizes is null ? [.. Enumerable.Repeat(1, count)] : [.. sizes];
        if (groups.Sum() != count) throw new ArgumentException($"{groups.Sum()} directions in groups, of {count}.", nameof(sizes));
        double departure = Departure(rows, width);
        if (!(departure <= MostDeparture)) throw new ArgumentException($"The rows depart from orthonormal by {departure}.", nameof(rows));
        for (int step = 0; step < MostSteps && departure > Rounding * Math.Max(1, count / 16.0); step++)
        {
            Approach(rows, width);
            departure = Departure(rows, width);
        }
        return new(name, width, rows, groups);
    }

    /// <summary>A direction of one vector; null where its length is 0.</summary>
    internal static DirectionSet? Along(string name, ReadOnlySpan<double> vector)
    {
        double length = Math.Sqrt(LaneSums.Dot(vector, vector));
        if (length == 0) return null;
        double[] row = vector.ToArray();
        foreach (ref double value in row.AsSpan()) value /= length;
        return Of(name, row.Length, row);
    }

    /// <summary>Largest |⟨b, b′⟩ − δ| of some rows; NaN where a value is.</summary>
    internal static double Departure(double[] rows, int width)
    {
        double largest = 0;
        for (int i = 0; i < rows.Length / width; i++)
            for (int j = 0; j <= i; j++) largest = Math.Max(largest, Math.Abs(Product(rows, width, i, j) - (i == j ? 1 : 0))); // Max keeps a NaN
        return largest;
    }

    /// <summary>B ← B − ½(B·Bᵀ − 1)·B: what departs from orthonormal is squared (Björck and Bowie 1971).</summary>
    static void Approach(double[] rows, int width)
    {
        double[] before = [.. rows];
        int count = rows.Length / width;
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                LaneSums.Add(-0.5 * (Product(before, width, i, j) - (i == j ? 1 : 0)), before.AsSpan(j * width, width), rows.AsSpan(i * width, width));
    }

    static double Product(double[] rows, int width, int i, int j) => LaneSums.Dot(rows.AsSpan(i * width, width), rows.AsSpan(j * width, width));
}
