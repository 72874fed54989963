using System.Text.Json;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Attribution;

/// <summary>Every A_p against the reference implementation's, and in every case against the definition.</summary>
public sealed class AttributionParityTests
{
    /// <summary>Of the largest |A_p| of a split and block: what float32 activations leave of A_p is 1e-6 of it.</summary>
    const double Tolerance = 1e-5;

    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "attribution");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_reference_for_34_cases() => Assert.Equal(34, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_part_is_that_of_the_reference(string file)
    {
        string name = Golden.Cases.Single(@case => file == @case.Replace('/', '-') + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        var golden = Golden.Load(name);
        var prompt = golden.Prompts[document.RootElement.GetProperty("prompt").GetInt32()];
        Assert.Equal(document.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), prompt.Ids);
        var ours = Assert.Single(Attributed.Of(golden, [prompt])).Blocks;
        var blocks = document.RootElement.GetProperty("attribution").EnumerateArray().ToArray();
        Assert.Equal(blocks.Select(block => block.GetProperty("block").GetInt32()), ours.Select(block => block.Block));
        foreach (var (expected, found) in blocks.Zip(ours))
        {
            string where = $"{name}, block {found.Block}";
            Assert.Equal(prompt.Ids.Count - 1, found.Position);
            double[] heads = Values(expected, "heads");
            // The reference leaves out the neurons of mixtures.
            bool hasNeurons = expected.TryGetProperty("neurons", out _);
            double[] neurons = hasNeurons ? Values(expected, "neurons") : [];
            double mlpBias = hasNeurons ? expected.GetProperty("mlp_bias").GetDouble() : 0;
            double attn = expected.GetProperty("attn").GetDouble(), mlp = expected.GetProperty("mlp").GetDouble();
            AssertNear([attn, mlp], [found.Attn, found.Mlp], $"{where}, attn and mlp");
            AssertNear(
                [.. heads, expected.GetProperty("attn_bias").GetDouble(), .. neurons, mlpBias],
                [.. found.Heads, found.AttnBias, .. hasNeurons ? found.Neurons.All! : [], found.MlpBias], $"{where}, heads, neurons, biases");
            AssertNear(Values(expected, "dimensions"), found.Dimensions.All!, $"{where}, dimensions");
            double gain = expected.GetProperty("gain_squared_minus_one").GetDouble();
            Assert.InRange(found.GainSquaredMinusOne, gain - 1e-5 * (1 + Math.Abs(gain)), gain + 1e-5 * (1 + Math.Abs(gain)));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Every_part_is_that_of_the_definition_at_every_prompt_and_block(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        var read = new WeightReader(WeightMap.Bind(a, checkpoint), a, checkpoint);
        var ours = Attributed.Of(golden);
        for (int p = 0; p < golden.Prompts.Count; p++)
        {
            Assert.Equal(a.NLayers, ours[p].Blocks.Count);
            foreach (var found in ours[p].Blocks)
            {
                double[] At(ResidualSite site) => golden.Arrays[$"p{p}.blocks.{found.Block}.{site.Name()}"].Row(golden.Prompts[p].Ids.Count - 1).ToArray();
                var weights = BlockWeights.Read(read, a, found.Block);
                var plain = new PlainAttribution(a, weights, At(ResidualSite.Pre), At(ResidualSite.Post), At(ResidualSite.Z),
                    a.Mixture is null ? [(1, At(ResidualSite.MlpPost))] : PlainAttribution.Experts(a, weights, At(ResidualSite.MlpIn)));
                string where = $"{@case}, prompt {p}, block {found.Block}";
                AssertNear([.. plain.Heads, plain.AttnBias, .. plain.Neurons, plain.MlpBias], [.. found.Heads, found.AttnBias, .. found.Neurons.All!, found.MlpBias], where);
                AssertNear(plain.Dimensions, found.Dimensions.All!, where);
                AssertNear([plain.Heads.Sum() + plain.AttnBias, plain.Neurons.Sum() + plain.MlpBias], [found.Attn, found.Mlp], where);
            }
        }
    }

    /// <summary>By the pattern of the reference where the golden holds it.</summary>
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void What_a_head_brings_from_every_source_adds_up_to_the_head(string @case)
    {
        var golden = Golden.Load(@case);
        foreach (var (prompt, p) in Attributed.Of(golden).Select((prompt, p) => (prompt, p)))
        {
            foreach (var block in prompt.Blocks)
            {
                Assert.All(block.Sources!, sources => Assert.Equal(golden.Prompts[p].Ids.Count, sources.Count));
                double largest = block.Sources!.Max(sources => sources.Max(Math.Abs));
                for (int head = 0; head < block.Heads.Count; head++)
                    Assert.InRange(block.Sources![head].Sum() - block.Heads[head], -Tolerance * largest, Tolerance * largest);
                if (!golden.Arrays.TryGetValue($"p{p}.blocks.{block.Block}.pattern", out var pattern)) continue;
                // Where the reference looks nowhere, nothing comes from.
                for (int head = 0; head < block.Heads.Count; head++)
                {
                    var row = pattern.Row(head).Slice((block.Position) * pattern.Shape[^1], pattern.Shape[^1]);
                    for (int s = 0; s <= block.Position; s++)
                        if (row[s] == 0) Assert.Equal(0, block.Sources![head][s]);
                }
            }
        }
    }

    static double[] Values(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    static void AssertNear(double[] expected, IReadOnlyList<double> found, string where)
    {
        Assert.Equal(expected.Length, found.Count);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(found[i] - expected[i]) <= Tolerance * largest,
                FormattableString.Invariant($"{where}, part {i}: {found[i]:G9} for {expected[i]:G9}, the largest {largest:G3}"));
    }
}
