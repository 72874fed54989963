using Castalia.Kernels;

namespace Castalia.Architectures;

/// <summary>The angle each pair of rotary dimensions turns per position.</summary>
static class RotaryFrequencies
{
    /// <summary>θ^(−2i/R) for i &lt; R/2, scaled as the description says; radians per position, float64.</summary>
    /// <remarks>Own exp and log, so that the table has the same bits on every machine.</remarks>
    /// <param name="rotary">The description.</param>
    /// <param name="tokens">Tokens of the prompt; matters only where scaling is dynamic.</param>
    public static double[] Of(Rotary rotary, int tokens)
    {
        double logBase = Elementary.Log(rotary.Base);
        if (rotary.Scaling is RotaryScaling.Dynamic dynamic && tokens > dynamic.OriginalContext)
            logBase += Elementary.Log(dynamic.Factor * tokens / dynamic.OriginalContext - (dynamic.Factor - 1)) *
                       rotary.Dims / (rotary.Dims - 2);
        var frequencies = new double[rotary.Dims / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Elementary.Exp(-(2.0 * i / rotary.Dims) * logBase);
            frequency = rotary.Scaling switch
            {
                RotaryScaling.Linear linear => frequency / linear.Factor,
                RotaryScaling.Llama3 llama3 => Stretched(frequency, llama3),
                RotaryScaling.Yarn yarn => Ramped(frequency, i, yarn, rotary.Dims, logBase),
                _ => frequency,
            };
            if (rotary.StoredDivisors is { } divisors) frequency /= divisors[i];
            frequencies[i] = frequency;
        }
        return frequencies;
    }

    /// <summary>The largest of them, or a bound that it does not pass; radians per position. Takes no table but the divisors' own.</summary>
    /// <remarks>Scaling divides by 1 or more, and a longer prompt only raises the base: what is left are bases below 1 and stored divisors.</remarks>
    public static double Largest(Rotary rotary)
    {
        if (rotary.StoredDivisors is not null) return Of(rotary, 1).Max();
        double logBase = Elementary.Log(rotary.Base);
        return logBase >= 0 ? 1 : Elementary.Exp(-(rotary.Dims - 2.0) / rotary.Dims * logBase);
    }

    /// <summary>Short wavelengths kept, long ones stretched by Factor, a linear blend in original-context/wavelength between.</summary>
    static double Stretched(double frequency, RotaryScaling.Llama3 scaling)
    {
        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        if (turns > scaling.HighFrequencyFactor) return frequency;
        if (turns < scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        double kept = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }

    /// <summary>YaRN: kept below the dimension that turns BetaFast times over the original context, divided beyond that of BetaSlow, linear between.</summary>
    static double Ramped(double frequency, int i, RotaryScaling.Yarn yarn, int dims, double logBase)
    {
        double low = Dimension(yarn.BetaFast), high = Dimension(yarn.BetaSlow);
        if (yarn.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, dims - 1));
        if (low == high) high += 0.001; // as the reference keeps the ramp from being a step
        double divided = Math.Clamp((i - low) / (high - low), 0, 1);
        return frequency / yarn.Factor * divided + frequency * (1 - divided);

        double Dimension(double turns) => dims * Elementary.Log(yarn.OriginalContext / (turns * 2 * Math.PI)) / (2 * logBase);
    }
}
