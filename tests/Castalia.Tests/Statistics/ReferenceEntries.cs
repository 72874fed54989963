using System.Text.Json;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>Entries of a file of reference figures, each compared whole: a figure that nobody compares fails as one that differs does.</summary>
static class ReferenceEntries
{
    const double Relative = 1e-9; // both sides are float64, summed in different orders
    const double Absolute = 1e-12; // where the reference is near 0

    /// <summary>Runs every entry of a file through the handler of its <c>what</c>; an entry without a handler fails.</summary>
    /// <param name="file">Name in tests/golden/statistics.</param>
    /// <param name="handlers">By how <c>what</c> begins.</param>
    public static void Walk(string file, params (string What, Func<JsonElement, object?> Ours)[] handlers) => Walk(file, _ => true, handlers);

    /// <summary>The same for the entries that are asked for; the others are another test's.</summary>
    public static void Walk(string file, Func<string, bool> asked, params (string What, Func<JsonElement, object?> Ours)[] handlers)
    {
        string path = Path.Combine(Shared.Repository, "tests", "golden", "statistics", file);
        JsonElement[] entries = [.. JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.GetProperty("entries").EnumerateArray()];
        entries = [.. entries.Where(e => asked(e.GetProperty("what").GetString()!))];
        Assert.NotEmpty(entries);
        List<string> complaints = [];
        foreach (var entry in entries)
        {
            string what = entry.GetProperty("what").GetString()!;
            var (known, ours) = handlers.FirstOrDefault(h => what.StartsWith(h.What, StringComparison.Ordinal));
            Assert.True(known is not null, $"{file}: nobody computes '{what}'");
            Compare(entry.GetProperty("value"), ours(entry.GetProperty("input")), $"{what[..Math.Min(30, what.Length)]} {Name(entry)}", complaints);
        }
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    static string Name(JsonElement entry)
    {
        var input = entry.GetProperty("input");
        return input.TryGetProperty("name", out var name) ? name.GetString()! : input.GetRawText().ReplaceLineEndings(" ");
    }

    /// <summary>Ours is a dictionary, a list, a number, or null where undefined; null and "nan" in the reference mean undefined.</summary>
    static void Compare(JsonElement expected, object? actual, string at, List<string> complaints)
    {
        switch (expected.ValueKind, actual)
        {
            case (JsonValueKind.Object, IReadOnlyDictionary<string, object?> figures):
                foreach (var member in expected.EnumerateObject())
                    if (figures.TryGetValue(member.Name, out object? figure)) Compare(member.Value, figure, $"{at}: {member.Name}", complaints);
                    else complaints.Add($"{at}: nobody computes {member.Name}");
                break;
            case (JsonValueKind.Array, IReadOnlyList<double> values) when values.Count == expected.GetArrayLength():
                foreach (var (i, element) in expected.EnumerateArray().Index()) Compare(element, values[i], $"{at}[{i}]", complaints);
                break;
            case (JsonValueKind.Number, double number):
                double wanted = expected.GetDouble(), gap = Math.Abs(number - wanted);
                if (!(gap <= Math.Max(Relative * Math.Abs(wanted), Absolute))) complaints.Add($"{at}: expected {wanted:R}, got {number:R}");
                break;
            case (JsonValueKind.Number, int count):
                if (expected.GetDouble() != count) complaints.Add($"{at}: expected {expected}, got {count}");
                break;
            case (JsonValueKind.Null, null):
            case (JsonValueKind.String, null) when expected.GetString() == "nan":
                break;
            default:
                complaints.Add($"{at}: expected {expected}, got {actual ?? "nothing"}");
                break;
        }
    }
}
