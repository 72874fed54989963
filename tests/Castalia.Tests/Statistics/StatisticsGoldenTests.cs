using System.Text.Json;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class StatisticsGoldenTests
{
    const double Tolerance = 1e-9; // relative; both sides are float64, summed in different orders

    [Fact]
    public void Mean_sd_and_median_equal_the_reference()
    {
        foreach (var entry in Entries("describe.json"))
        {
            double[] x = Doubles(entry.GetProperty("input").GetProperty("x"));
            var ours = Describe.Of(x, seed: 1);
            var value = entry.GetProperty("value");
            Assert.Equal(x.Length, ours.N);
            Near(value.GetProperty("mean").GetDouble(), ours.Mean.Value!.Value);
            Near(value.GetProperty("median").GetDouble(), ours.Median.Value!.Value);
            if (value.GetProperty("sd").ValueKind == JsonValueKind.Number) Near(value.GetProperty("sd").GetDouble(), ours.Sd.Value!.Value);
            else Assert.NotNull(ours.Sd.UndefinedBecause);
        }
    }

    static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Max(Math.Abs(expected), 1e-3), $"expected {expected:R}, got {actual:R}");

    static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    static JsonElement[] Entries(string file)
    {
        string path = Path.Combine(Shared.Repository, "tests", "golden", "statistics", file);
        JsonElement[] entries = [.. JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("entries").EnumerateArray()];
        Assert.NotEmpty(entries);
        return entries;
    }
}
