using Castalia.Checkpoints;
using Castalia.Forward;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>A really trained model, SmolLM2-135M-Instruct in Q4_1 with a Q8_0 embedding, against the reference on the
/// dequantised weights.</summary>
public sealed class SmolLm2ParityTests
{
    /// <summary>The reference's own float32 run is within 3e-6 of its float64 self at every resid_post.</summary>
    const double StreamTolerance = 2e-5;

    static Golden Load() =>
        Golden.LoadReal("smollm2-135m-q4_1", "smollm2-135m", "smollm2-135m-instruct.Q4_1.gguf");

    [Fact]
    public void The_figures_of_thirty_texts_are_reproduced()
    {
        var golden = Load();
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var measurement = Measurement.Take(
            checkpoint, golden.Prompts, null, new() { Threads = Environment.ProcessorCount }, null, TestContext.Current.CancellationToken);
        Assert.Equal(golden.Json.GetProperty("parameters").GetInt64(), measurement.Parameters);
        Assert.Equal(30, golden.Prompts.Count);
        for (int p = 0; p < golden.Prompts.Count; p++)
            new FigureComparison($"{golden.Name}, text {p}", relative: 1e-4, entropyNats: 1e-4, streamError: StreamTolerance)
                .Check(golden.Figures[p], measurement.Readings[p]);
    }

    [Fact]
    public void The_bits_are_the_same_whatever_the_threads_order_and_company() => SameBitsTests.CheckTrained(Load(), prompts: 6);

    [Fact]
    public void The_stream_at_the_last_token_of_each_category_matches_the_reference()
    {
        var golden = Load();
        var texts = golden.Json.GetProperty("prompts").EnumerateArray().ToList();
        int[] firsts = [.. Enumerable.Range(0, texts.Count).Where(p => texts[p].GetProperty("index").GetInt32() == 0)];
        var ours = Traced.Run(golden.Checkpoint, [.. firsts.Select(p => golden.Prompts[p])], allPositions: false, threads: Environment.ProcessorCount);
        int compared = 0;
        for (int i = 0; i < firsts.Length; i++)
        {
            string category = texts[firsts[i]].GetProperty("category").GetString()!;
            foreach (var (name, reference) in golden.Arrays.Where(array => array.Key.StartsWith($"{category}.", StringComparison.Ordinal)))
            {
                string site = name[(category.Length + 1)..];
                double[] actual = ours[$"p{i}.{site}"].Values;
                var gap = Gap.Between(reference.Values, actual);
                double tolerance = Tolerance(golden, category, site, reference);
                Assert.True(gap.Relative <= tolerance, gap.Complaint(golden, name, reference.Shape[^1], tolerance));
                compared++;
            }
        }
        Assert.Equal(golden.Arrays.Count, compared);
    }

    /// <summary>What a sublayer adds is judged by the size of the stream it is added to: early blocks write little
    /// beside it.</summary>
    static double Tolerance(Golden golden, string category, string site, GoldenArray reference)
    {
        if (!site.EndsWith("_out", StringComparison.Ordinal) || site == "final_norm_out") return StreamTolerance;
        string stream = $"{category}.{site[..site.LastIndexOf('.')]}.resid_post";
        return StreamTolerance * Math.Max(1, Norm(golden.Arrays[stream]) / Norm(reference));
    }

    static double Norm(GoldenArray array) => Math.Sqrt(array.Values.Sum(x => x * x));
}
