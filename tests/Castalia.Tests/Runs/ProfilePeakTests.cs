using Castalia.Runs;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class ProfilePeakTests
{
    static readonly string[] Prompts = ["a", "b", "c", "d"];

    /// <summary>Block 2: (1 + 1 + 1.2 + 100)/4 = 25.8, median 1.1; without the last prompt 3.2/3.</summary>
    [Fact]
    public void A_peak_that_one_prompt_makes_is_called_so()
    {
        var peak = ProfilePeak.Of(Prompts, [[1.1, 1.1, 1.1, 1.1], [1, 1, 1.2, 100]])!;
        Assert.Equal((1, 4, "d", true), (peak.Block, peak.N, peak.Prompt, peak.IsOnePrompts));
        Assert.Equal(25.8, peak.Mean, 1e-12);
        Assert.Equal(1.1, peak.Median, 1e-12);
        Assert.Equal((1.0, 100.0), (peak.Low, peak.High));
        Assert.Equal(3.2 / 3, peak.Without, 1e-12);
    }

    [Fact]
    public void A_peak_that_moves_without_one_prompt_is_called_so_too() =>
        Assert.True(ProfilePeak.Of(Prompts, [[1.2, 1.2, 1.2, 1.2], [1, 1, 1, 2]])!.IsOnePrompts); // means 1.2 and 1.25; without the last 1.2 and 1

    [Fact]
    public void A_peak_of_all_prompts_is_not() =>
        Assert.False(ProfilePeak.Of(Prompts, [[9, 10, 11, 12], [1, 1, 1, 2]])!.IsOnePrompts);

    [Fact]
    public void One_prompt_has_no_spread() => Assert.Null(ProfilePeak.Of(["a"], [[1.0], [2.0]]));

    [Fact]
    public void Blocks_without_a_gain_have_no_peak() => Assert.Null(ProfilePeak.Of(Prompts, [[null, null, null, null]]));
}
