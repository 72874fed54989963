using Castalia.Architectures;
using Xunit;

namespace Castalia.Tests.Architectures;

public sealed class RotaryFrequenciesTests
{
    static readonly Rotary Plain = new() { Dims = 32, Pairing = RotaryPairing.HalfSplit, Base = 10000 };

    [Fact]
    public void The_first_pair_turns_one_radian_and_the_last_almost_not()
    {
        double[] f = RotaryFrequencies.Of(Plain, 0);
        Assert.Equal(16, f.Length);
        Assert.Equal(1, f[0]);
        Assert.Equal(Math.Pow(10000, -30.0 / 32), f[^1], 1e-18);
    }

    /// <summary>Llama 3.1: factor 8, low 1, high 4, original context 8192, base 500000: short wavelengths kept, long ones eight times as long.</summary>
    [Fact]
    public void Llama3_scaling_keeps_short_wavelengths_and_stretches_long_ones()
    {
        var rotary = Plain with { Dims = 128, Base = 500000 };
        double[] plain = RotaryFrequencies.Of(rotary, 0);
        double[] scaled = RotaryFrequencies.Of(rotary with { Scaling = new RotaryScaling.Llama3(8, 1, 4, 8192) }, 0);
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
        double[] plain = RotaryFrequencies.Of(Plain, 0), divided = RotaryFrequencies.Of(Plain with { StoredDivisors = divisors }, 0);
        for (int i = 0; i < 16; i++) Assert.Equal(plain[i] / (i + 1), divided[i]);
    }

    [Fact]
    public void Linear_scaling_divides_every_frequency()
    {
        double[] plain = RotaryFrequencies.Of(Plain, 0), scaled = RotaryFrequencies.Of(Plain with { Scaling = new RotaryScaling.Linear(4) }, 0);
        for (int i = 0; i < 16; i++) Assert.Equal(plain[i] / 4, scaled[i]);
    }

    [Fact]
    public void Dynamic_scaling_changes_the_base_only_beyond_the_original_context()
    {
        var dynamic = Plain with { Scaling = new RotaryScaling.Dynamic(2, 100) };
        Assert.Equal(RotaryFrequencies.Of(Plain, 0), RotaryFrequencies.Of(dynamic, 100));
        double theta = 10000 * Math.Pow(2.0 * 150 / 100 - 1, 32.0 / 30);
        double[] longer = RotaryFrequencies.Of(dynamic, 150);
        for (int i = 0; i < 16; i++) Assert.Equal(Math.Pow(theta, -2.0 * i / 32), longer[i], 1e-15);
    }

    [Fact]
    public void Yarn_keeps_fast_dimensions_and_divides_slow_ones()
    {
        var rotary = Plain with { Dims = 64, Scaling = new RotaryScaling.Yarn(8, 1.2, 32, 1, 4096, Truncate: true) };
        double[] plain = RotaryFrequencies.Of(Plain with { Dims = 64 }, 0), scaled = RotaryFrequencies.Of(rotary, 0);
        double low = Math.Floor(64 * Math.Log(4096 / (32 * 2 * Math.PI)) / (2 * Math.Log(10000)));
        double high = Math.Ceiling(64 * Math.Log(4096 / (2 * Math.PI)) / (2 * Math.Log(10000)));
        Assert.Equal((10, 23), ((int)low, (int)high));
        for (int i = 0; i < 32; i++)
        {
            double divided = Math.Clamp((i - low) / (high - low), 0, 1);
            Assert.Equal(plain[i] * (1 - divided) + plain[i] / 8 * divided, scaled[i], 1e-15);
        }
        Assert.Equal(1.2, rotary.Amplitude);
    }
}
