using Castalia.Architectures;
using Xunit;

namespace Castalia.Tests.Architectures;

public sealed class RotaryFrequenciesTests
{
    static readonly Rotary Plain = new() { Dims = 32, Pairing = RotaryPairing.HalfSplit, Base = 10000 };

    [Fact]
    public void The_first_pair_turns_one_radian_and_the_last_almost_not()
    {
        double[] f = RotaryFrequencies.Of(Plain);
        Assert.Equal(16, f.Length);
        Assert.Equal(1, f[0]);
        Assert.Equal(Math.Pow(10000, -30.0 / 32), f[^1], 1e-18);
    }

    /// <summary>Llama 3.1: factor 8, low 1, high 4, original context 8192, base 500000: short wavelengths kept, long ones eight times as long.</summary>
    [Fact]
    public void Llama3_scaling_keeps_short_wavelengths_and_stretches_long_ones()
    {
        var rotary = Plain with { Dims = 128, Base = 500000 };
        double[] plain = RotaryFrequencies.Of(rotary);
        double[] scaled = RotaryFrequencies.Of(rotary with { Llama3 = new(8, 1, 4, 8192) });
        for (int i = 0; i < plain.Length; i++)
        {
            double wavelength = 2 * Math.PI / plain[i];
            double blend = (8192 / wavelength - 1) / 3;
            double expected = wavelength < 2048 ? plain[i] : wavelength > 8192 ? plain[i] / 8 : (1 - blend) * plain[i] / 8 + blend * plain[i];
            Assert.Equal(expected, scaled[i], expected * 1e-14);
        }
        Assert.Contains(Enumerable.Range(0, 64), i => scaled[i] != plain[i] && scaled[i] != plain[i] / 8);
    }

    [Fact]
    public void Divisors_in_the_file_divide()
    {
        float[] divisors = [.. Enumerable.Range(1, 16).Select(i => (float)i)];
        double[] plain = RotaryFrequencies.Of(Plain), divided = RotaryFrequencies.Of(Plain with { StoredDivisors = divisors });
        for (int i = 0; i < 16; i++) Assert.Equal(plain[i] / (i + 1), divided[i]);
    }
}
