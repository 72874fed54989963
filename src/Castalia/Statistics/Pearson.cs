namespace Castalia.Statistics;

/// <summary>Pearson's product-moment correlation.</summary>
public static class Pearson
{
    /// <summary>r of pairs; undefined below three pairs (two always lie on a line) and where one side does not vary.</summary>
    /// <param name="x">First of each pair; finite.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<double> Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} values cannot be paired with {y.Count}.", nameof(y));
        if (x.Count < 3) return Figure<double>.Undefined($"n = {x.Count} is below 3");
        double meanX = Describe.Mean(x), meanY = Describe.Mean(y), xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        if (IsConstant(x) || IsConstant(y)) return Figure<double>.Undefined("one side does not vary");
        return Figure<double>.Of(Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1));
    }

    /// <summary>Whether every value is the first; asked of the values, because deviations from a rounded mean are not 0.</summary>
    static bool IsConstant(IReadOnlyList<double> values) => values.All(v => v == values[0]);
}
