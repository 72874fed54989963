namespace Castalia.Statistics;

/// <summary>Pearson's product-moment correlation.</summary>
static class Pearson
{
    /// <summary>Why r is undefined where squares overflow or vanish: it would come out as 0 or NaN.</summary>
    internal const string OutOfRange = "squares of the values leave the range of float64";

    /// <summary>r of pairs; undefined below three pairs (two always lie on a line), where one side does not vary, and for values that are not finite.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<double> Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} values cannot be paired with {y.Count}.", nameof(y));
        if (x.Count < 3) return Figure<double>.Undefined($"n = {x.Count} is below 3");
        if ((SampleFlaw.Of(x, "x") ?? SampleFlaw.Of(y, "y")) is { } flaw) return Figure<double>.Undefined(flaw);
        double meanX = BcaBootstrap.RunningMean(x), meanY = BcaBootstrap.RunningMean(y), xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        if (Sample.IsConstant(x) || Sample.IsConstant(y)) return Figure<double>.Undefined("one side does not vary");
        if (!double.IsNormal(xx) || !double.IsNormal(yy)) return Figure<double>.Undefined(OutOfRange);
        return Figure<double>.Of(Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1));
    }
}
