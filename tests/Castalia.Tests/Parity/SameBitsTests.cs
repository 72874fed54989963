using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>Readings depend on the model and the prompt: not on threads, order or company.</summary>
public sealed class SameBitsTests
{
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void One_two_and_three_threads_give_the_same_bits(string @case)
    {
        var golden = Golden.Load(@case);
        var one = Take(golden, golden.Prompts, threads: 1);
        foreach (int threads in new[] { 2, 3 })
        {
            var more = Take(golden, golden.Prompts, threads);
            for (int p = 0; p < one.Count; p++) AssertSame(one[p], more[p]);
        }
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Shuffled_prompts_give_the_same_bits(string @case)
    {
        var golden = Golden.Load(@case);
        var straight = Take(golden, golden.Prompts, threads: 2);
        int[] order = [.. Enumerable.Range(0, golden.Prompts.Count).Reverse()];
        var shuffled = Take(golden, [.. order.Select(p => golden.Prompts[p])], threads: 2);
        for (int i = 0; i < order.Length; i++) AssertSame(straight[order[i]], shuffled[i]);
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void A_prompt_alone_gives_the_same_bits_as_in_company(string @case)
    {
        var golden = Golden.Load(@case);
        var together = Take(golden, golden.Prompts, threads: 2);
        for (int p = 0; p < golden.Prompts.Count; p++)
            AssertSame(together[p], Assert.Single(Take(golden, [golden.Prompts[p]], threads: 2)));
    }

    [Fact]
    public void Many_copies_in_one_batch_give_the_same_bits()
    {
        var golden = Golden.Load("llama/gqa");
        var alone = Take(golden, golden.Prompts, threads: 2);
        var crowd = Take(golden, [.. Enumerable.Range(0, 30).SelectMany(_ => golden.Prompts)], threads: 3);
        for (int i = 0; i < crowd.Count; i++) AssertSame(alone[i % alone.Count], crowd[i]);
    }

    [Fact]
    public void Reading_every_position_changes_nothing_at_the_last()
    {
        var golden = Golden.Load("gpt_neox/pythia");
        var last = Take(golden, golden.Prompts, threads: 2);
        var all = Take(golden, golden.Prompts, threads: 2, allPositions: true);
        for (int p = 0; p < last.Count; p++)
        {
            Assert.All(all[p].Outputs, output => Assert.NotNull(output));
            Assert.Equal(last[p].Outputs[^1], all[p].Outputs[^1]);
            Assert.Equal(Bits(last[p]), Bits(all[p]));
        }
    }

    [Fact]
    public void A_small_trained_model_gives_the_same_bits_whatever_the_threads_order_and_company() =>
        CheckTrained(Golden.LoadReal("stories260k-llama", "stories260k-llama"), prompts: 12);

    /// <summary>Threads, order and company at once, then two prompts alone.</summary>
    internal static void CheckTrained(Golden golden, int prompts)
    {
        TokenizedPrompt[] some = [.. golden.Prompts.Take(prompts)];
        Assert.Equal(prompts, some.Length);
        var one = Take(golden, some, threads: 1);
        int[] order = [.. Enumerable.Range(0, 12).Select(i => (5 * i + 3) % 12).Where(i => i < prompts)];
        var shuffled = Take(golden, [.. order.Select(p => some[p])], threads: 2);
        for (int i = 0; i < prompts; i++) AssertSame(one[order[i]], shuffled[i]);
        foreach (int p in new[] { 0, prompts - 1 }) AssertSame(one[p], Assert.Single(Take(golden, [some[p]], threads: 2)));
    }

    static IReadOnlyList<PromptReadings> Take(
        Golden golden, IReadOnlyList<TokenizedPrompt> prompts, int threads, bool allPositions = false)
    {
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var options = new MeasureOptions { Threads = threads, AllPositions = allPositions };
        return Measurement.Take(checkpoint, prompts, null, options, null, TestContext.Current.CancellationToken).Readings;
    }

    internal static void AssertSame(PromptReadings one, PromptReadings other)
    {
        Assert.Equal(one.Tokens, other.Tokens);
        Assert.Equal(Bits(one), Bits(other));
        Assert.Equal(one.Outputs, other.Outputs);
    }

    static string[] Bits(PromptReadings readings) =>
    [
        .. readings.Blocks.SelectMany(block => block.Select(reading => Convert.ToHexString(MemoryMarshal.AsBytes([reading])))),
        Convert.ToHexString(MemoryMarshal.AsBytes(readings.FinalNorm.AsSpan())),
    ];
}
