using Xunit;

namespace Castalia.Tests.Parity;

public sealed class ResidualStreamParityTests
{
    /// <summary>Careful float32 is 3e-7 to 1e-6 from the float64 reference at these sites; an error of arithmetic shows
    /// at 1e-4 or more.</summary>
    const double Tolerance = 5e-6;

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Every_activation_matches_the_reference_at_every_site_prompt_and_block(string @case)
    {
        var golden = Golden.Load(@case);
        var ours = Traced.Run(golden.Checkpoint, golden.Prompts, allPositions: true);
        // Attention patterns are in the goldens and not among the sites.
        var expected = golden.Arrays.Where(array => !array.Key.EndsWith(".pattern", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, reference) in expected.OrderBy(array => Depth(array.Key)).ThenBy(array => array.Key, StringComparer.Ordinal))
        {
            Assert.Equal(reference.Shape, ours[name].Shape);
            var gap = Gap.Between(reference.Values, ours[name].Values);
            Assert.True(gap.Relative <= Tolerance, gap.Complaint(golden, name, reference.Shape[^1], Tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void The_last_position_alone_is_the_last_row_of_all_positions(string @case)
    {
        var golden = Golden.Load(@case);
        var all = Traced.Run(golden.Checkpoint, golden.Prompts, allPositions: true);
        var last = Traced.Run(golden.Checkpoint, golden.Prompts, allPositions: false);
        Assert.Equal(all.Keys, last.Keys);
        foreach (var (name, array) in last)
        {
            Assert.Equal([1, all[name].Shape[^1]], array.Shape);
            Assert.Equal(all[name].Row(all[name].Shape[0] - 1).ToArray(), array.Values);
        }
    }

    [Theory]
    [InlineData("stories260k-llama")]
    [InlineData("capp-gpt2")]
    public void Twelve_prompts_of_a_small_trained_model_match_the_reference(string name)
    {
        var golden = Golden.LoadReal(name, name);
        var ours = Traced.Run(golden.Checkpoint, golden.Prompts, allPositions: true);
        var compared = golden.Arrays.Where(array => !array.Key.EndsWith(".pattern", StringComparison.Ordinal)).ToList();
        Assert.Equal(["p0", "p11", "p5"], compared.Select(array => array.Key.Split('.')[0]).Distinct().Order());
        foreach (var (array, reference) in compared.OrderBy(array => Depth(array.Key)))
        {
            Assert.Equal(reference.Shape, ours[array].Shape);
            var gap = Gap.Between(reference.Values, ours[array].Values);
            Assert.True(gap.Relative <= Tolerance, gap.Complaint(golden, array, reference.Shape[^1], Tolerance));
        }
    }

    /// <summary>Block of an array, so that the first complaint is the earliest one; what follows the blocks comes
    /// last.</summary>
    static int Depth(string name) =>
        name.Split('.') is [_, "blocks", var layer, ..] ? int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue;
}
