using Castalia.Analyses;
using Castalia.Errors;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Wording;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class ConventionsTests
{
    [Theory]
    [InlineData("0.80", null, 2, 0.795, 0.805)]
    [InlineData("0.8", null, 1, 0.75, 0.85)]
    [InlineData("0.8", 3, 3, 0.7995, 0.8005)]
    [InlineData("1.065", null, 3, 1.0645, 1.0655)]
    [InlineData("2", null, 0, 1.5, 2.5)]
    [InlineData(".9027", null, 4, 0.90265, 0.90275)]
    public void The_digits_typed_say_what_rounds_to_a_figure(string text, int? decimals, int expected, double low, double high)
    {
        var figure = PublishedFigure.Of(text, decimals);
        Assert.Equal(expected, figure.Decimals);
        Assert.Equal(low, figure.Low, 1e-12);
        Assert.Equal(high, figure.High, 1e-12);
        Assert.True(figure.MayBe(low) && figure.MayBe(high) && figure.MayBe(figure.Value));
        Assert.False(figure.MayBe(low - 1e-6) || figure.MayBe(high + 1e-6));
    }

    [Theory]
    [InlineData("0,80", null, "'0,80' is not a figure greater than 0.")]
    [InlineData("-0.8", null, "'-0.8' is not a figure greater than 0.")]
    [InlineData("0.00", null, "'0.00' is not a figure greater than 0.")]
    [InlineData("1e-1", null, "'1e-1' is not a figure greater than 0.")]
    [InlineData("NaN", null, "'NaN' is not a figure greater than 0.")]
    [InlineData("0.1234567890123", null, "'0.1234567890123' has more than 12 decimals.")]
    [InlineData("0.805", 2, "'0.805' has 3 decimals; --decimals says 2.")]
    public void What_is_no_printed_figure_is_refused(string text, int? decimals, string cause)
    {
        var refusal = Assert.Throws<InputException>(() => PublishedFigure.Of(text, decimals));
        Assert.Equal((cause, "--published"), (refusal.Cause, refusal.Place));
    }

    /// <summary>The published minimum of GPT-J: neighbours of 334 in bfloat16 are 332 and 336, and gains near 334/370 lie 2/370 apart.</summary>
    [Fact]
    public void Norms_of_some_hundreds_are_even_in_bfloat16_and_quarters_in_float16()
    {
        Assert.Equal(2, NormSpacing.At(NormPrecision.BFloat16, 334));
        Assert.Equal(0.25, NormSpacing.At(NormPrecision.Float16, 334));
        Assert.Equal(0, NormSpacing.At(NormPrecision.Float32, 334));
        Assert.Equal(double.PositiveInfinity, NormSpacing.At(NormPrecision.Float16, 70_000));
        var steps = NormResolution.All([new(ReferencePoint.Block, 334.3, 370.4), new(ReferencePoint.Block, 371, 370.4), new(ReferencePoint.FinalNorm, null, 370)]);
        Assert.Equal([NormPrecision.BFloat16, NormPrecision.Float16], steps.Select(s => s.Precision));
        Assert.Equal((2, 352.65, 370.4, 2.0, 2.0), (steps[0].N, steps[0].Numerator, steps[0].Denominator, steps[0].NumeratorSpacing, steps[0].DenominatorSpacing));
        Assert.Equal(2 / 370.0, steps[0].Step, 1e-15);
        // 371 lies between 370 and 372 and goes to the even one of the two, 372; in float16 371 and 370.5 are told apart.
        Assert.Equal((0, 0), (steps[0].NotTellable, steps[1].NotTellable));
        Assert.Equal(1, NormResolution.All([new(ReferencePoint.Block, 369.5, 370.4)])[0].NotTellable);
        Assert.Equal(0, NormResolution.All([new(ReferencePoint.Block, 369.5, 370.4)])[1].NotTellable);
        Assert.Equal(0, NormResolution.All([new(ReferencePoint.Block, 370.4, 370.4)])[0].NotTellable);
    }

    [Fact]
    public void Nothing_lies_between_a_number_and_its_neighbour() => Gen.Select(Gen.Double[1e-6, 6e4], Gen.Bool.Select(b => b ? NormPrecision.BFloat16 : NormPrecision.Float16))
        .Sample((norm, precision) =>
        {
            double rounded = precision.Round(norm), spacing = NormSpacing.At(precision, norm);
            Assert.Equal(rounded + spacing, precision.Round(rounded + spacing));
            Assert.Equal(rounded, precision.Round(rounded + 0.49 * spacing));
            Assert.Equal(rounded + spacing, precision.Round(rounded + 0.51 * spacing));
        });

    [Fact]
    public void A_cell_is_the_mean_over_the_prompts_that_have_it()
    {
        var grid = ConventionGrid.Of(
        [
            new("a", ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32, 0.9),
            new("b", ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32, 1.2),
            new("c", ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32, null),
            new("a", ReferencePoint.Penultimate, PositionRule.First, NormPrecision.BFloat16, null),
            new("a", ReferencePoint.Block, PositionRule.Last, NormPrecision.Float16, null),
            new("a", ReferencePoint.Block, PositionRule.MeanOfRatiosWithoutFirst, NormPrecision.Float16, null),
        ]);
        Assert.Equal(54, grid.Count);
        Assert.Equal(54, grid.Select(c => (c.Point, c.Rule, c.Precision)).Distinct().Count());
        var cell = Find(ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32);
        Assert.Equal((3, 2), (cell.Prompts, cell.N));
        Assert.Equal(1.05, cell.Mean.Value!.Value, 1e-15);
        Assert.Equal("there is no block before the last", Find(ReferencePoint.Penultimate, PositionRule.First, NormPrecision.BFloat16).Mean.UndefinedBecause);
        Assert.Equal("in every prompt a norm is above 65504 or rounds to 0", Find(ReferencePoint.Block, PositionRule.Last, NormPrecision.Float16).Mean.UndefinedBecause);
        Assert.Equal("no prompt has a token after its first", Find(ReferencePoint.Block, PositionRule.MeanOfRatiosWithoutFirst, NormPrecision.Float16).Mean.UndefinedBecause);
        Assert.Equal("in every prompt a norm is 0", Find(ReferencePoint.FinalNorm, PositionRule.Last, NormPrecision.Float32).Mean.UndefinedBecause);

        ConventionCell Find(ReferencePoint point, PositionRule rule, NormPrecision precision) =>
            Assert.Single(grid, c => (c.Point, c.Rule, c.Precision) == (point, rule, precision));
    }

    /// <summary>1.0 ± 0.05 in a span of 0.9 to 1.1: cells at 0.97 and 1.04 match (each covers 0.1 of 0.2, together 0.92 to 1.09),
    /// one at 1.12 reaches into the span by 0.03 (1.07 to 1.1) and one at 3 does not.</summary>
    [Fact]
    public void Matches_are_counted_beside_those_that_width_alone_would_make()
    {
        var match = FigureMatch.Of(Cells(1.12, 0.97, 3, 1.04), PublishedFigure.Of("1.0", null));
        Assert.Equal([0.97, 1.04, 1.12, 3], match.Nearest.Select(c => c.Mean.Value!.Value));
        Assert.Equal(2, match.Matching);
        Assert.Equal((4, 2), (match.Rules, match.MatchingRules));
        Assert.Equal((0.1 + 0.1 + 0.03) / 0.2, match.Expected, 1e-12);
        Assert.Equal((1.1 - 0.92) / 0.2, match.Covered, 1e-12);
    }

    /// <summary>1.0 ± 0.05 in a span of 0.9 to 1.1. One rule at 0.97, 0.98 and 1.02 in the three precisions covers 0.92 to 1.07, another at 1.04 covers 0.99 to 1.09:
    /// four cells match and two rules; 0.75 and 0.5 of the span, together 0.92 to 1.09.</summary>
    [Fact]
    public void Three_precisions_of_one_rule_that_match_are_one_finding()
    {
        ConventionCell[] cells =
        [
            Cell(PositionRule.Last, NormPrecision.Float32, 0.97), Cell(PositionRule.Last, NormPrecision.BFloat16, 0.98), Cell(PositionRule.Last, NormPrecision.Float16, 1.02),
            Cell(PositionRule.First, NormPrecision.Float32, 1.04),
        ];
        var match = FigureMatch.Of(cells, PublishedFigure.Of("1.0", null));
        Assert.Equal((4, 2, 2), (match.Matching, match.Rules, match.MatchingRules));
        Assert.Equal(0.75 + 0.5, match.Expected, 1e-12);
        Assert.Equal(0.17 / 0.2, match.Covered, 1e-12);
    }

    [Fact]
    public void Cells_that_are_undefined_match_nothing() => Assert.Empty(FigureMatch.Of(ConventionGrid.Of([]), PublishedFigure.Of("1", null)).Nearest);

    /// <summary>The expectation is what it says: the mean of the matches over figures put anywhere in the span.</summary>
    [Fact]
    public void The_expected_number_is_the_mean_over_figures_in_the_span() => Gen.Select(Gen.Double[0.7, 1.4].Array[1, 12], Gen.Int[0, 3]).Sample((means, decimals) =>
    {
        var figure = new PublishedFigure("1", 1, decimals);
        var match = FigureMatch.Of(Cells(means), figure);
        const int Figures = 20_000;
        int matches = 0, any = 0;
        for (int i = 0; i < Figures; i++)
        {
            double at = 0.9 + 0.2 * (i + 0.5) / Figures;
            int here = means.Count(m => Math.Abs(m - at) <= figure.Half);
            matches += here;
            any += here > 0 ? 1 : 0;
        }
        Assert.Equal(matches / (double)Figures, match.Expected, 1e-3);
        Assert.Equal(any / (double)Figures, match.Covered, 1e-3);
    }, iter: 50);

    /// <summary>Cells of as many rules.</summary>
    static List<ConventionCell> Cells(params double[] means) =>
        [.. means.Select((m, i) => Cell((PositionRule)(i % 6), NormPrecision.Float32, m, GoldenNames.Points[i / 6].Point))];

    static ConventionCell Cell(PositionRule rule, NormPrecision precision, double mean, ReferencePoint point = ReferencePoint.Block) =>
        new(point, rule, precision, 1, 1, Castalia.Statistics.Figure<double>.Of(mean));
}
