namespace Castalia.Statistics.Distributions;

/// <summary>Where a monotone function passes 0, to its last digits: secants kept inside a bracket, halving where they are slow.</summary>
/// <remarks>
/// MathNet.Numerics' Brent stops once |f| is below the accuracy asked for, which for the flat tails met here is long before the root has
/// its digits.
/// </remarks>
static class Root
{
    /// <summary>The root of a function that rises or falls through 0 once.</summary>
    /// <param name="f">Continuous and monotone.</param>
    /// <param name="low">Where it has one sign.</param>
    /// <param name="high">Above <paramref name="low"/>, where it has the other.</param>
    /// <param name="absolute">Width of the bracket that is enough where the root is near 0.</param>
    public static double Between(Func<double, double> f, double low, double high, double absolute = 1e-15)
    {
        double atLow = f(low), atHigh = f(high);
        if (atLow == 0) return low;
        if (atHigh == 0) return high;
        if (!(Math.Sign(atLow) * Math.Sign(atHigh) < 0))
            throw new ArithmeticException($"No root between {low:R} ({atLow:R}) and {high:R} ({atHigh:R}).");
        double width = high - low;
        bool halve = false;
        for (int i = 0; i < 2000; i++)
        {
            double enough = Math.Max(absolute, 1e-15 * Math.Max(Math.Abs(low), Math.Abs(high)));
            if (high - low <= enough) break;
            double x = halve ? low + (high - low) / 2 : low - atLow * ((high - low) / (atHigh - atLow));
            // A secant that lands on an end leaves the other end where it was: step off it by what is enough.
            if (!(x > low)) x = low + enough / 2;
            if (!(x < high)) x = high - enough / 2;
            double at = f(x);
            if (at == 0) return x;
            if (Math.Sign(at) == Math.Sign(atLow)) (low, atLow, atHigh) = (x, at, atHigh / 2);
            else (high, atHigh, atLow) = (x, at, atLow / 2);
            halve = high - low > width / 2;
            width = high - low;
        }
        return low + (high - low) / 2;
    }
}
