using Castalia.Analyses;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class BentovPositionsTests
{
    [Fact]
    public void Bins_take_their_lower_edge_and_count_texts()
    {
        var sample = Samples.Of(
        [
            Samples.Point(0, 0.8, 0), Samples.Point(0, 0.9, 0.0999), Samples.Point(1, 1.0, 0.1), Samples.Point(1, 1.1, 0.4999),
            Samples.Point(2, 1.2, 6.9), Samples.Point(2, 1.4, 7), Samples.Point(0, 1.6, 12),
        ], Sampling.EveryPosition);
        var bins = EntropyBin.All(sample, seed: 1);
        Assert.Equal([2, 2, 0, 0, 0, 0, 0, 1, 2], bins.Select(b => b.N));
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 1, 2], bins.Select(b => b.Texts));
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0], bins.Select(b => b.Below));
        Assert.Equal(0.85, bins[0].MeanGain.Value!.Value, 1e-12);
        Assert.Equal(1.5, bins[8].MeanGain.Value!.Value, 1e-12);
        Assert.Equal("1 text cannot be drawn again", bins[0].Interval95.UndefinedBecause);
        Assert.Equal("it has no positions", bins[2].Interval95.UndefinedBecause);
        Assert.Equal((1.4, 1.6), (bins[8].Interval95.Value!.Value.Low, bins[8].Interval95.Value!.Value.High)); // one text twice, in a quarter of the draws each
    }

    [Fact]
    public void Intervals_by_text_are_wider_than_those_that_take_positions_for_independent()
    {
        // Ten texts with a level of their own: the positions of a text are nearly one reading.
        var points = Enumerable.Range(0, 200).Select(i => Samples.Point(i / 20, 1 + 0.1 * Math.Sin(i / 20 * 2.4) + 0.001 * (i % 3), 2 + Math.Cos(i / 20 * 1.7) + 0.01 * (i % 20), length: 2 + i % 20));
        var sample = Samples.Of(points, Sampling.EveryPosition);
        var b = BentovPositions.Of(sample, seed: 1);
        var independent = FittedLine.Of(sample.Entropies, sample.Gains).Value!.Value;
        var clustered = b.GainLine.Value!.Value;
        Assert.Equal(independent.Slope, clustered.Slope, 1e-12);
        Assert.True(clustered.SlopeSe > 2 * independent.SlopeSe);
        var r = b.OfGain.Pearson.Value!.Value;
        Assert.Equal((200, 10), (r.N, r.Texts));
        Assert.True(r.Interval95.Value!.Value.Contains(r.Value));
        Assert.Equal("log position", b.Adjustments[1].Controls.Names[0]);
    }

    [Fact]
    public void Mid_ranks_of_a_draw_are_those_of_sorting_it()
    {
        var ranks = new MidRanks([3.0, 1.0, 2.0, 1.0]);
        Assert.Equal([4, 1.5, 3, 1.5], ranks.Of([0, 1, 2, 3]));
        Assert.Equal([3, 3, 1, 3], ranks.Of([0, 0, 1, 0]));
    }

    [Fact]
    public void One_text_has_figures_but_no_interval()
    {
        var b = BentovPositions.Of(Samples.Of(Enumerable.Range(0, 10).Select(i => Samples.Point(0, 0.9 + 0.02 * i, i % 4, length: 2 + i)), Sampling.EveryPosition), seed: 1);
        Assert.NotNull(b.OfGain.Pearson.Value);
        Assert.Equal("1 text cannot be drawn again", b.OfGain.Pearson.Value!.Value.Interval95.UndefinedBecause);
        Assert.NotNull(b.GainLine.UndefinedBecause);
    }

    [Fact]
    public void The_interval_of_a_difference_is_made_from_both()
    {
        var d = Difference.Of((0.5, new(0.2, 0.9)), (0.1, new(-0.2, 0.5))).Value!.Value;
        Assert.Equal(0.4, d.Value, 1e-12);
        Assert.Equal(0.4 - 0.5, d.Interval95.Low, 1e-12); // √(0.3² + 0.4²)
        Assert.Equal(0.4 + 0.5, d.Interval95.High, 1e-12); // √(0.4² + 0.3²)
    }

    [Fact]
    public void Samples_of_one_model_are_compared_unless_a_prompt_stands_in_both()
    {
        GainPoint[] prompts = [.. Enumerable.Range(0, 12).Select(i => Samples.Point(i, 0.9 + 0.02 * i, 1 + i % 5))];
        GainPoint[] text = [.. Enumerable.Range(0, 60).Select(i => Samples.Point(i / 10, 1.2 + 0.01 * (i % 7), i % 6, length: 2 + i % 10))];
        GainSample short_ = Samples.Of(prompts, run: "prompts"), last = Samples.Of(text.Where((_, i) => i % 10 == 9), run: "text"), all = Samples.Of(text, Sampling.EveryPosition, run: "text");
        var bentov = Bentov.Of([short_, last], [all], seed: 1);
        Assert.Equal(2, bentov.Pairs.Count); // last tokens and all positions of one run are not two samples
        Assert.All(bentov.Pairs, p => Assert.Equal("prompts", p.First.Sample.Source.Run));
        var pair = bentov.Pairs[1];
        Assert.Equal(pair.First.Pearson!.Value.Value - pair.Second.Pearson!.Value.Value, pair.OfPearson.Value!.Value.Value, 1e-12);

        var overlapping = Bentov.Of([short_, last with { Source = last.Source with { Fed = new HashSet<string>(["prompts 3", "text 1"]) } }], null, seed: 1);
        Assert.Equal("1 of the prompts stands in both runs, so they are not independent samples", Assert.Single(overlapping.Pairs).OfPearson.UndefinedBecause);

        Assert.Empty(Bentov.Of([short_, last with { Source = last.Source with { Weights = "of another model" } }], null, seed: 1).Pairs);
        Assert.Empty(Bentov.Of([short_, last with { Source = last.Source with { Activation = "GeluTanh" } }], null, seed: 1).Pairs);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures()
    {
        var sample = Samples.Of(Enumerable.Range(0, 60).Select(i => Samples.Point(i / 6, 0.9 + 0.05 * (i % 7), i % 5, length: 2 + i % 6)), Sampling.EveryPosition);
        Assert.Equal(BentovPositions.Of(sample, seed: 4).OfGain, BentovPositions.Of(sample, seed: 4).OfGain);
        Assert.NotEqual(BentovPositions.Of(sample, seed: 4).OfGain, BentovPositions.Of(sample, seed: 5).OfGain);
    }

    /// <summary>With an indicator of a category that one text has, CR1 has no residual of other such texts; without it every slope is defined, and is that of the sample without categories.</summary>
    [Fact]
    public void A_category_of_one_text_is_not_held_fixed_and_the_text_is_named()
    {
        var b = BentovPositions.Of(Samples.Of(Positions(i => i / 10 == 0 ? "verse" : i / 10 < 6 ? "prose" : "code"), Sampling.EveryPosition), seed: 1);
        Assert.Contains("category: verse has one text only, 'text 0', and one text gives no error", b.NotHeldFixed);
        Assert.All(b.Adjustments, row => Assert.DoesNotContain("category", row.Controls.Names));
        Assert.All(b.Adjustments, row => Assert.NotNull(row.OfGain.Value));
        var without = BentovPositions.Of(Samples.Of(Positions(_ => null), Sampling.EveryPosition), seed: 1);
        Assert.Equal(without.Adjustments.Select(a => a.OfGain.Value), b.Adjustments.Select(a => a.OfGain.Value));
        Assert.All(b.Sublayers, s => Assert.NotNull(s.OnEntropy.Value));
        var two = BentovPositions.Of(Samples.Of(Positions(i => i / 10 < 6 ? "prose" : "code"), Sampling.EveryPosition), seed: 1);
        Assert.Contains(two.Adjustments, row => row.Controls.Names.Contains("category"));
    }

    [Fact]
    public void A_text_that_alone_speaks_is_named()
    {
        // Entropy varies in one text only.
        var points = Enumerable.Range(0, 40).Select(i => Samples.Point(i / 10, 1 + 0.01 * (i * 7 % 11), i / 10 == 2 ? i % 5 : 1, length: 2 + i % 10) with { Name = $"text {i / 10}" });
        var b = BentovPositions.Of(Samples.Of(points, Sampling.EveryPosition), seed: 1);
        Assert.Equal("only text 'text 2' speaks about entropy, and one text gives no error", b.GainLine.UndefinedBecause);
    }

    [Fact]
    public void Samples_differ_in_what_was_read_only_where_they_do()
    {
        var points = Enumerable.Range(0, 12).Select(i => Samples.Point(i, 0.9 + 0.02 * i, 1 + i % 5)).ToList();
        HashSet<string> texts = ["the same", "texts"];
        GainSample none = Samples.Of(points, run: "none"), always = Samples.Of(points, run: "always");
        none = none with { Source = none.Source with { Texts = texts } };
        always = always with { Source = always.Source with { Texts = texts, Bos = "always" } };
        var pair = Assert.Single(Bentov.Of([none, always], null, seed: 1).Pairs);
        Assert.Equal(["BOS policy"], pair.Respects);
        Assert.NotNull(pair.OfPearson.UndefinedBecause); // the same texts: no independent samples, though other ids were fed
        string page = string.Join(' ', TerminalPrinter.Of(Castalia.Reports.BentovReport.Of(Bentov.Of([none, always], null, seed: 1), "runs"), 120).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("the samples differ in BOS policy. The texts are the same", page);
        Assert.DoesNotContain("differ in length", page);

        var longer = Samples.Of(points.Select(p => p with { Length = p.Length + 1 }), run: "longer");
        Assert.Equal(["texts", "length"], TwoSamples.Of(pair.First, ComparedSample.Of(BentovPrompts.Of(longer, seed: 1))).Respects.Except(["BOS policy"]));
    }

    static IEnumerable<GainPoint> Positions(Func<int, string?> category) => Enumerable.Range(0, 100).Select(i =>
        Samples.Point(i / 10, 1 + 0.03 * (i * 7 % 11) + 0.01 * (i / 10), i * 3 % 8, category(i), 2 + i % 10, 0.9 - 0.1 * (i * 3 % 8) + 0.01 * (i % 3)) with { Name = $"text {i / 10}" });
}
