using System.Text.Json;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Jacobians of the first and last block against the reference implementation's, wholly float64.</summary>
public sealed class JacobianParityTests
{
    /// <summary>Of the largest entry: what the float32 stream of the pass leaves is 1e-6 of it.</summary>
    const double Tolerance = 1e-5;

    internal static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "dynamics");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_reference_for_34_cases() => Assert.Equal(34, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_Jacobian_and_its_singular_values_are_those_of_the_reference(string file)
    {
        string name = Golden.Cases.Single(@case => file == @case.Replace('/', '-') + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        var golden = Golden.Load(name);
        var prompt = golden.Prompts[document.RootElement.GetProperty("prompt").GetInt32()];
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var blocks = document.RootElement.GetProperty("blocks").EnumerateArray().ToArray();
        var (found, jacobians) = Mapped.Of(checkpoint, [prompt], BlockChoice.Named(blocks.Select(block => block.GetProperty("block").GetInt32())));
        Assert.Equal(blocks.Length, found[0].Count);
        foreach (var (expected, ours) in blocks.Zip(found[0]))
        {
            string where = $"{name}, block {ours.Block}";
            double largest = expected.GetProperty("largest").GetDouble();
            double[] values = Values(expected.GetProperty("singular_values"));
            int width = values.Length;
            foreach (var row in expected.GetProperty("rows").EnumerateObject())
                Near(Values(row.Value), jacobians[(0, ours.Block)].AsSpan(int.Parse(row.Name) * width, width).ToArray(), Tolerance * largest, $"{where}, row {row.Name}");
            Near(values, [.. ours.Spectrum.SingularValues], Tolerance * largest, $"{where}, singular values");
            Near([expected.GetProperty("log_abs_det").GetDouble()], [ours.Spectrum.LogAbsDet], values.Sum(value => 1e-6 * largest / value), $"{where}, ln|det J|");
            Near(
                [expected.GetProperty("along").GetDouble(), expected.GetProperty("jh_minus_h").GetDouble()], [ours.Along, ours.Departure.Total],
                Tolerance * largest, $"{where}, along and Jh − h");
        }
    }

    static double[] Values(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    static void Near(double[] expected, double[] found, double most, string where)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(found[i] - expected[i]) <= most, FormattableString.Invariant($"{where}, {i}: {found[i]:G12} for {expected[i]:G12}, {Math.Abs(found[i] - expected[i]):G2} > {most:G2}"));
    }
}
