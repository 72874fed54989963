using System.Text.Json;
using Castalia.Analyses;

namespace Castalia.Tests.Analyses;

/// <summary>Samples of readings for tests of the analyses.</summary>
static class Samples
{
    /// <summary>One reading of a prompt; what a test leaves out does not vary.</summary>
    public static GainPoint Point(int text, double gain, double entropy, string? category = null, int length = 8, double probability = 0.5) =>
        new(text, category, length, gain, entropy, probability, 0.01, -0.02, 0.1 * (gain * gain - 1), 0.9 * (gain * gain - 1));

    /// <summary>A sample of these readings.</summary>
    public static GainSample Of(IEnumerable<GainPoint> points, Sampling sampling = Sampling.LastToken, string run = "run", string weights = "w", string model = "m", bool hasPositions = false)
    {
        List<GainPoint> list = [.. points];
        return new(new(run, model, weights, "Silu", "none", "by hand", hasPositions, new HashSet<string>(list.Select(p => $"{run} {p.Text}"))), sampling, list, 0);
    }

    /// <summary>A sample of prompts with these gains and entropies.</summary>
    public static GainSample Of(double[] gains, double[] entropies) => Of(gains.Select((g, i) => Point(i, g, entropies[i])));

    /// <summary>The 25 prompts of one model of the published study.</summary>
    public static GainSample Published(string model)
    {
        string path = Path.Combine(Shared.Repository, "tests", "golden", "statistics", "association.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var input = document.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("input"))
            .First(i => i.TryGetProperty("name", out var name) && name.GetString() == $"published {model} (gain, entropy)");
        return Of(Doubles(input.GetProperty("x")), Doubles(input.GetProperty("y")));
    }

    static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];
}
