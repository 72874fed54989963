namespace Castalia.Analyses;

/// <summary>Slope, intercept and correlation of rows drawn with replacement: the kernel of the bootstraps over texts.</summary>
static class PlainLine
{
    /// <summary>Intercept and slope of y on x; not finite where x does not vary.</summary>
    public static (double Intercept, double Slope) Of(double[] x, double[] y, ReadOnlySpan<int> rows)
    {
        var (meanX, meanY, xx, _, xy) = Sums(x, y, rows);
        double slope = xy / xx;
        return (meanY - slope * meanX, slope);
    }

    /// <summary>Pearson's r; NaN where one side does not vary.</summary>
    public static double Correlation(double[] x, double[] y, ReadOnlySpan<int> rows)
    {
        var (_, _, xx, yy, xy) = Sums(x, y, rows);
        return xx > 0 && yy > 0 ? Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1) : double.NaN;
    }

    static (double MeanX, double MeanY, double XX, double YY, double XY) Sums(double[] x, double[] y, ReadOnlySpan<int> rows)
    {
        double sumX = 0, sumY = 0, xx = 0, yy = 0, xy = 0;
        foreach (int i in rows)
        {
            sumX += x[i];
            sumY += y[i];
        }
        double meanX = sumX / rows.Length, meanY = sumY / rows.Length;
        foreach (int i in rows)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return (meanX, meanY, xx, yy, xy);
    }
}
