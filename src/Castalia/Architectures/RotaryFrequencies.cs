using Castalia.Kernels;

namespace Castalia.Architectures;

/// <summary>The angle each pair of rotary dimensions turns per position.</summary>
public static class RotaryFrequencies
{
    /// <summary>θ^(−2i/R) for i &lt; R/2, scaled as the description says; radians per position, float64.</summary>
    /// <remarks>Own exp and log, so that the table has the same bits on every machine.</remarks>
    public static double[] Of(Rotary rotary)
    {
        double logBase = Elementary.Log(rotary.Base);
        var frequencies = new double[rotary.Dims / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = Elementary.Exp(-(2.0 * i / rotary.Dims) * logBase);
            if (rotary.Llama3 is { } llama3) frequency = Stretched(frequency, llama3);
            if (rotary.StoredDivisors is { } divisors) frequency /= divisors[i];
            frequencies[i] = frequency;
        }
        return frequencies;
    }

    /// <summary>Short wavelengths kept, long ones stretched by Factor, a linear blend in original-context/wavelength between.</summary>
    static double Stretched(double frequency, Llama3RotaryScaling scaling)
    {
        double turns = scaling.OriginalContext * frequency / (2 * Math.PI);
        if (turns > scaling.HighFrequencyFactor) return frequency;
        if (turns < scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        double kept = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }
}
