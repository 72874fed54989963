namespace Castalia.Untrained;

/// <summary>Standard normal deviates by index, the same bits on every machine.</summary>
/// <remarks>
/// Deviate i of a stream is Φ⁻¹(u), u = (k + ½)·2⁻⁵² for the upper 52 bits k of SplitMix64's i-th output (Steele, Lea
/// and Flood 2014). Φ⁻¹ is Wichura's PPND16 (AS 241, Applied Statistics 37, 1988; relative error about 1e-16), with a
/// logarithm of our own: nothing but +, −, ×, ÷ and √ of float64, which IEEE 754 defines to the bit, so no C library
/// has a say. Largest |deviate|: 8.21.
/// </remarks>
static class NormalDeviates
{
    const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>A stream's key from a seed and the stream's name (FNV-1a over UTF-16).</summary>
    public static ulong Key(ulong seed, string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name) hash = (hash ^ c) * 0x100000001B3;
        return Mix(hash ^ Mix(seed));
    }

    /// <summary>Deviate <paramref name="index"/> of the stream.</summary>
    public static double At(ulong key, long index) => Quantile(((Bits(key, index) >> 12) + 0.5) * (1.0 / (1L << 52)));

    /// <summary>Deviate <paramref name="index"/> of the stream, of a normal distribution cut at both ends.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="index">Which.</param>
    /// <param name="tail">Probability that is cut off at each end; below ½.</param>
    public static double Between(ulong key, long index, double tail) => Quantile(tail + (1 - 2 * tail) * (((Bits(key, index) >> 12) + 0.5) * (1.0 / (1L << 52))));

    /// <summary>Integer <paramref name="index"/> of the stream, uniform over [0, below) to within below/2⁶⁴.</summary>
    public static int Below(ulong key, long index, int below) =>
        (int)Math.BigMul(Bits(key, index), (ulong)below, out _);

    /// <summary>Φ⁻¹(u) for 0 &lt; u &lt; 1.</summary>
    internal static double Quantile(double u)
    {
        double q = u - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double r = 0.180625 - q * q;
            return q * Polynomial(CentreTop, r) / Polynomial(CentreBottom, r);
        }
        double tail = Math.Sqrt(-Log(q < 0 ? u : 1 - u));
        double z = tail <= 5
            ? Polynomial(MiddleTop, tail - 1.6) / Polynomial(MiddleBottom, tail - 1.6)
            : Polynomial(FarTop, tail - 5) / Polynomial(FarBottom, tail - 5);
        return q < 0 ? -z : z;
    }

    /// <summary>ln x for normal x > 0: x = m·2ᵉ with √½ ≤ m &lt; √2, and ln m = 2 artanh((m − 1)/(m + 1)) by its
    /// series.</summary>
    internal static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble(bits & 0xFFFFFFFFFFFFF | 0x3FF0000000000000);
        if (m >= 1.4142135623730951) (m, exponent) = (m / 2, exponent + 1);
        double s = (m - 1) / (m + 1), squared = s * s, sum = 0;
        for (int k = 23; k >= 1; k -= 2) sum = sum * squared + 1.0 / k; // |s| < 0.1716: what is left out is below 1e-20
        return exponent * 0.6931471805599453 + 2 * s * sum;
    }

    static ulong Bits(ulong key, long index) => Mix(key + (ulong)(index + 1) * Step);

    static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
        return sum;
    }

    static ReadOnlySpan<double> CentreTop =>
    [
        3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
    ];

    static ReadOnlySpan<double> CentreBottom =>
    [
        1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
    ];

    static ReadOnlySpan<double> MiddleTop =>
    [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
    ];

    static ReadOnlySpan<double> MiddleBottom =>
    [
        1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ];

    static ReadOnlySpan<double> FarTop =>
    [
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    static ReadOnlySpan<double> FarBottom =>
    [
        1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ];
}
