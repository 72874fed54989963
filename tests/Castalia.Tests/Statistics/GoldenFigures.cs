using System.Text.Json;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>Figures of an independent implementation, walked entry by entry, every figure of each.</summary>
static class GoldenFigures
{
    /// <summary>The entries of one file.</summary>
    public static JsonElement[] Entries(string file)
    {
        string path = Path.Combine(Shared.Repository, "tests", "golden", "statistics", file);
        JsonElement[] entries = [.. JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("entries").EnumerateArray()];
        Assert.NotEmpty(entries);
        return entries;
    }

    public static string What(this JsonElement entry) => entry.GetProperty("what").GetString()!;

    public static JsonElement Input(this JsonElement entry, string name) => entry.GetProperty("input").GetProperty(name);

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    public static IReadOnlyList<IReadOnlyList<double>> Columns(this JsonElement arrays) => [.. arrays.EnumerateArray().Select(Doubles)];

    /// <summary>Asserts that ours has every figure of the entry, 1e-9 from it (1e-12 near zero).</summary>
    public static void Equal(JsonElement entry, object ours)
    {
        string name = entry.GetProperty("input").TryGetProperty("name", out var n) ? n.GetString()! : "unnamed";
        Equal(entry.GetProperty("value"), JsonSerializer.SerializeToElement(ours), $"{entry.What()[..Math.Min(30, entry.What().Length)]}… [{name}]");
    }

    static void Equal(JsonElement expected, JsonElement ours, string at)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in expected.EnumerateObject())
                {
                    Assert.True(ours.TryGetProperty(property.Name, out var own), $"{at}: no figure '{property.Name}'");
                    Equal(property.Value, own, $"{at}.{property.Name}");
                }
                break;
            case JsonValueKind.Array:
                Assert.True(expected.GetArrayLength() == ours.GetArrayLength(), $"{at}: {ours.GetArrayLength()} figures");
                for (int i = 0; i < expected.GetArrayLength(); i++) Equal(expected[i], ours[i], $"{at}[{i}]");
                break;
            case JsonValueKind.Number:
                double e = expected.GetDouble();
                Assert.True(ours.ValueKind == JsonValueKind.Number, $"{at}: expected {e:R}, got {ours}");
                double o = ours.GetDouble();
                Assert.True(Math.Abs(o - e) <= Math.Max(1e-9 * Math.Abs(e), 1e-12), $"{at}: expected {e:R}, got {o:R}");
                break;
            default:
                Assert.Equal(expected.GetRawText(), ours.GetRawText());
                break;
        }
    }

    /// <summary>The figure, which is to be defined.</summary>
    public static T Defined<T>(this Figure<T> figure) where T : struct
    {
        Assert.True(figure.Value is not null, figure.UndefinedBecause);
        return figure.Value!.Value;
    }

    public static double[] Ends(this Interval interval) => [interval.Low, interval.High];
}
