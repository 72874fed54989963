using Castalia.Reports.Charts;
using Xunit;

namespace Castalia.Tests.Reports.Charts;

public sealed class SeriesStyleTests
{
    const double Apart = 14; // ΔE 1976; 2 is just seen side by side

    // G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, 2009, A Physiologically-based Model for Simulation of Color Vision Deficiency, severity 1: protan, deutan, tritan; linear RGB.
    static readonly double[][] s_sights =
    [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    ];

    [Fact]
    public void Up_to_the_sixty_fourth_no_two_series_have_one_colour_and_one_shape_and_neighbours_of_a_colour_have_other_dashes()
    {
        Assert.Equal(64, Enumerable.Range(0, 64).Select(i => (SeriesStyle.Colour(i), SeriesStyle.Shape(i))).Distinct().Count());
        Assert.All(Enumerable.Range(0, 24), i => Assert.NotEqual(SeriesStyle.Dashes(i), SeriesStyle.Dashes(i + 16)));
        Assert.Equal((0, Marker.Circle), (SeriesStyle.Dashes(-1).Count, SeriesStyle.Shape(-2)));
    }

    [Fact]
    public void Of_one_shape_colours_are_told_apart_whatever_colours_are_seen()
    {
        foreach (var palette in new[] { Palette.Light, Palette.Dark })
        {
            Assert.Equal(Palette.Size, palette.Distinct().Count());
            var alike = from i in Enumerable.Range(0, Palette.Size)
                        from j in Enumerable.Range(i + 1, Palette.Size - i - 1)
                        where SeriesStyle.Shape(i) == SeriesStyle.Shape(j)
                        from sight in s_sights
                        let distance = Distance(palette[i], palette[j], sight)
                        where distance < Apart
                        select $"{palette[i]} {palette[j]}: {distance:0.0}";
            Assert.Empty(alike);
        }
        Assert.InRange(Distance("#1d3f94", "#4d3f94", s_sights[1]), 0, 5); // blue and violet, to protan eyes
    }

    static double Distance(string a, string b, double[] sight)
    {
        double[] x = Lab(a, sight), y = Lab(b, sight);
        return Math.Sqrt(x.Zip(y, (p, q) => (p - q) * (p - q)).Sum());
    }

    static double[] Lab(string colour, double[] sight)
    {
        double[] rgb = [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour.Substring(1 + 2 * i, 2), 16) / 255.0).Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4))];
        double[] seen = [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(i => sight[3 * row + i] * rgb[i]), 0, 1))];
        double[] xyz =
        [
            F((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047), F(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]),
            F((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883),
        ];
        return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16 / 116.0;
    }
}
