using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Statistics;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>Samples at the edges of float64, which are sound: every statistic has finite figures or says why it has none.</summary>
public sealed class ExtremeSamplesTests
{
    static readonly double[] Scales = [1, 5e-324, 1e-310, 1e-200, 1e-170, 1e-154, 1e-108, 1e-100, 1e-16, 1e16, 1e100, 1e103, 1e150, 1e154, 1e160, 1e300, 8e307];

    /// <summary>Six values at each scale: spread, nearly equal, one apart, all equal, of both signs, and of two scales.</summary>
    public static IEnumerable<double[]> Samples()
    {
        foreach (double s in Scales)
        {
            yield return [s, 2 * s, 0.5 * s, 1.5 * s, 1.25 * s, 0.75 * s];
            yield return [s, s, s, s, s, Math.BitIncrement(s)];
            yield return [0, 0, 0, 0, 0, s];
            yield return [s, s, s, s, s, s];
            yield return [-s, s, -s, s, -2 * s, s];
            yield return [s, 1, 2, s, 3, 1];
            yield return [1 + s, 1 - s, 1, 1, 1 + s / 2, 1];
        }
    }

    static readonly IReadOnlyList<double[]> All = [.. Samples().Where(sample => sample.All(double.IsFinite))];

    [Fact]
    public void One_sample_has_finite_figures_or_reasons()
    {
        foreach (double[] x in All)
        {
            var e = Describe.Of(x, 1);
            Finite(x, e.Mean.Value, e.Sd.Value, e.Median.Value, e.Interval95.Value?.Low, e.Interval95.Value?.High);
            Assert.NotNull(e.Mean.Value);
            Assert.True(e.Interval95.Value is not { } i || i.Low <= i.High, Text(x));
            Reasoned(Describe.All(x), OneSampleT.Of(x, 1), OneSampleT.Of(x, 0), EffectSize.OneSample(x, 1), EffectSize.OneSample(x, 0), Equivalence.Mean(x, 1, 0.02),
                Wilcoxon.SignedRank(x, 1), SignTest.Of(x, 1), Bootstrap.Of(x, BcaBootstrap.RunningMean, 200, 1), Bootstrap.Of(x, v => v.Max(), 200, 1));
        }
    }

    [Fact]
    public void Two_samples_have_finite_figures_or_reasons()
    {
        for (int i = 0; i < All.Count; i++)
            for (int j = 0; j < All.Count; j += 1 + i % 5)
            {
                double[] x = All[i], y = All[j];
                Reasoned(Correlation.Pearson(x, y), Correlation.Spearman(x, y), Correlation.Kendall(x, y), Pearson.Of(x, y), TwoSample.Welch(x, y), TwoSample.Effect(x, y),
                    TwoSample.CliffsDelta(x, y), MannWhitney.Of(x, y), Anova.Of([x, y]), BrownForsythe.Of([x, y]), WelchAnova.Of([x, y]), Icc.OneWay([x, y]), KruskalWallis.Of([x, y]),
                    Regression.Simple(x, y), Regression.Multiple([x], y), Regression.Clustered([x], y, [0, 0, 1, 1, 2, 2]), PartialCorrelation.Of(x, y, [[1, 2, 3, 5, 8, 13]]),
                    Regression.Multiple([x, [1, 2, 3, 5, 8, 13]], y));
            }
    }

    [Fact]
    public void A_permutation_test_too()
    {
        for (int i = 0; i < All.Count; i += 7) Reasoned(Permutation.PearsonP(All[i], [3, 1, 4, 1, 5, 9], 50, 1));
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-108)]
    [InlineData(1e150)]
    [InlineData(1e290)]
    public void Figures_without_a_unit_do_not_depend_on_the_scale(double scale)
    {
        double[] plain = [1, 2, 0.5, 1.5, 1.25, 0.75, 4], scaled = [.. plain.Select(v => v * scale)];
        Estimate one = Describe.Of(plain, 1), other = Describe.Of(scaled, 1);
        Close(one.Mean.Defined() * scale, other.Mean.Defined());
        Close(one.Sd.Defined() * scale, other.Sd.Defined());
        Close(one.Interval95.Defined().Low * scale, other.Interval95.Defined().Low);
        Close(one.Interval95.Defined().High * scale, other.Interval95.Defined().High);
        Close(Describe.All(plain).Defined().Skewness.Defined(), Describe.All(scaled).Defined().Skewness.Defined());
        Close(OneSampleT.Of(plain, 0).Defined().T, OneSampleT.Of(scaled, 0).Defined().T);
    }

    [Fact]
    public void Values_without_digits_have_no_interval() =>
        Assert.Equal("the values are so small that float64 has no digits for their differences", Describe.Of([5e-324, 1e-323, 2e-323], 1).Interval95.UndefinedBecause);

    [Fact]
    public void A_figure_is_never_infinite_or_NaN()
    {
        Assert.Equal("it leaves the range of float64", Figure<double>.Of(double.NaN).UndefinedBecause);
        Assert.Equal("it leaves the range of float64", Figure<Interval>.Of(new(0, double.PositiveInfinity)).UndefinedBecause);
        Assert.Equal("it leaves the range of float64", Figure<VarianceTest>.Of(new(4, 2, double.NaN, 1, 2, 0.5)).UndefinedBecause);
    }

    [Fact]
    public void Pages_and_JSON_over_such_gains_and_entropies_are_made_to_their_end()
    {
        double[] plain = [1.1, 0.9, 1.3, 1.2, 0.8, 1.05];
        foreach (double[] x in All.Where(x => x.All(v => v >= 0)))
        {
            foreach (var (gains, entropies) in new[] { (x, plain), (plain, x) })
            {
                var model = InMemoryRuns.Model("a", [.. gains.Select(g => (double?)g)], entropies: entropies);
                var rows = GainEstimate.All([model], GainGrouping.Model, TestContext.Current.CancellationToken);
                Made(JsonText.Node(GainsDocument.Of(rows, GainGrouping.Model, "runs"), AnalysisJson.Default), Castalia.Reports.Pages.TerminalPrinter.Of(GainsReport.Of(rows, "runs"), 80));
                var other = InMemoryRuns.Model("b", [.. plain.Select(g => (double?)g)], entropies: plain);
                var comparison = Comparison.Of(model, other, 1, 0.02);
                Made(JsonText.Node(CompareDocument.Of(comparison, "runs"), AnalysisJson.Default), Castalia.Reports.Pages.TerminalPrinter.Of(CompareReport.Of(comparison, "runs"), 80));
            }
        }
    }

    static void Made(JsonObject json, string page)
    {
        Assert.NotEmpty(json.ToJsonString());
        Assert.DoesNotContain("NaN", page);
        Assert.DoesNotContain("∞", page);
    }

    static void Close(double expected, double actual) => Assert.Equal(1, actual / expected, 1e-9);

    static void Reasoned(params object[] figures)
    {
        foreach (object figure in figures)
        {
            object? value = figure.GetType().GetProperty("Value")!.GetValue(figure);
            if (value is null) Assert.NotNull(figure.GetType().GetProperty("UndefinedBecause")!.GetValue(figure));
            else Walk(value, value.GetType().Name);
        }
    }

    static void Walk(object value, string at)
    {
        if (value is double real) Assert.True(double.IsFinite(real), $"{at} is {real}");
        else if (value is System.Collections.IEnumerable list and not string) foreach (object item in list) Walk(item, at);
        else if (value.GetType() is { IsPrimitive: false, IsEnum: false } type && type.Namespace!.StartsWith("Castalia", StringComparison.Ordinal))
            foreach (var property in type.GetProperties())
                if (property.GetIndexParameters().Length == 0 && property.GetValue(value) is { } part) Walk(part, $"{at}.{property.Name}");
    }

    static void Finite(double[] sample, params double?[] figures) => Assert.All(figures, figure => Assert.True(figure is null || double.IsFinite(figure.Value), Text(sample)));

    static string Text(double[] sample) => string.Join(", ", sample);
}
