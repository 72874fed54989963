using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Castalia.Published;
using Castalia.Statistics;
using Castalia.Wording;
using Xunit;

namespace Castalia.Tests.Published;

public sealed class StudyReviewTests
{
    static readonly StudyReview Review = StudyReview.Of(PublishedStudy.Shipped);

    /// <summary>The table as the study printed it, to its digits; sd of Pythia as its result files do not state it.</summary>
    [Theory]
    [InlineData("Pythia-6.9B", "0.8047", 25)]
    [InlineData("GPT-J-6B", "1.0652", 4)]
    [InlineData("GPT2-Large", "1.0144", 10)]
    [InlineData("GPT2-XL", "1.0191", 4)]
    [InlineData("GPT2-Medium", "1.1627", 0)]
    [InlineData("Mistral-7B", "1.1053", 4)]
    [InlineData("LLaMA-3.1-8B", "1.4845", 0)]
    [InlineData("Gemma-7B", "2.3144", 0)]
    public void Every_mean_is_the_printed_one_and_prompts_below_1_are_counted(string model, string mean, int below)
    {
        var figures = Figures(model);
        Assert.Equal(mean, figures.Gain.Mean.Value!.Value.ToString("F4", CultureInfo.InvariantCulture));
        Assert.Equal((25, below), (figures.Gain.N, figures.Below));
        if (model == "Pythia-6.9B") Assert.Equal("0.066", figures.Gain.Sd.Value!.Value.ToString("F3", CultureInfo.InvariantCulture));
    }

    /// <summary>r(|G − 1|, H) as the study's own analysis of the first four models prints it (paper3/Results/GRAND_UNIFIED_ANALYSIS.md, §7); its result file has none.</summary>
    [Theory]
    [InlineData("Gemma-7B", "0.692")]
    [InlineData("LLaMA-3.1-8B", "0.594")]
    [InlineData("Mistral-7B", "0.387")]
    [InlineData("Pythia-6.9B", "-0.199")]
    public void Correlations_that_only_its_prose_states_follow_too(string model, string r) =>
        Assert.Equal(r, Figures(model).DeviationEntropy.Value!.Value.Coefficient.ToString("F3", CultureInfo.InvariantCulture));

    [Fact]
    public void Every_published_statistic_follows_from_the_readings()
    {
        Assert.Equal(4 * 7 + 6 + 3 * 8, Review.Reproductions.Count);
        foreach (var r in Review.Reproductions)
        {
            // The first file's entropies are float32's, and Pearson's r of them was computed in float32: 8 digits, so 7 of a small r or p.
            bool isFloat32 = r.Statistic.StartsWith(PublishedStatistic.GainPearson, StringComparison.Ordinal);
            Assert.True(r.Digits >= (isFloat32 ? 7 : 12), $"{r.Of} {r.Statistic}: {r.Published:R} published, {r.Recomputed:R} recomputed");
        }
        Assert.All(Review.PowerLaw.Reproductions, r => Assert.True(r.Digits >= 12, $"{r.Statistic}: {r.Published:R}, {r.Recomputed:R}"));
        Assert.Equal(5, Review.PowerLaw.Reproductions.Count);
    }

    [Fact]
    public void The_published_entries_of_the_reference_are_reproduced()
    {
        int seen = 0;
        foreach (string file in new[] { "describe.json", "one-sample.json", "association.json" })
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "statistics", file)));
            foreach (var entry in document.RootElement.GetProperty("entries").EnumerateArray())
            {
                if (!entry.GetProperty("input").TryGetProperty("name", out var named) || !named.GetString()!.StartsWith("published ", StringComparison.Ordinal)) continue;
                string name = named.GetString()!["published ".Length..];
                var figures = Figures(name.Split(" (")[0]);
                double[] x = [.. entry.GetProperty("input").GetProperty("x").EnumerateArray().Select(v => v.GetDouble())];
                bool isDeviation = name.Contains("|gain-1|", StringComparison.Ordinal);
                Assert.Equal(x, figures.Model.Gains().Select(g => isDeviation ? Math.Abs(g - 1) : g));
                var value = entry.GetProperty("value");
                switch (file, value)
                {
                    case ("describe.json", _):
                        Near(value.GetProperty("mean"), figures.Gain.Mean.Value);
                        Near(value.GetProperty("sd"), figures.Gain.Sd.Value);
                        Near(value.GetProperty("median"), figures.Gain.Median.Value);
                        break;
                    case ("one-sample.json", _) when value.TryGetProperty("t", out var t):
                        Near(t, figures.T.Value?.T);
                        Near(value.GetProperty("p_two-sided"), figures.T.Value?.PTwoSided);
                        Near(value.GetProperty("p_less"), figures.T.Value?.PLess);
                        break;
                    case ("association.json", _):
                        var r = (isDeviation ? figures.DeviationEntropy : figures.GainEntropy).Value!.Value;
                        Near(value.GetProperty("pearson").GetProperty("r"), r.Coefficient);
                        Near(value.GetProperty("pearson").GetProperty("p"), r.P);
                        Near(value.GetProperty("pearson").GetProperty("ci95")[0], r.Interval95.Value?.Low);
                        if (!isDeviation) Near(value.GetProperty("spearman").GetProperty("rho"), figures.GainEntropyRanks.Value?.Coefficient);
                        break;
                    default:
                        continue;
                }
                seen++;
            }
        }
        Assert.Equal(8 + 8 + 16, seen);
    }

    [Fact]
    public void The_data_are_those_that_were_checked()
    {
        // Any changed digit, of statistics nobody published as well.
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EmbeddedText.Of("published-study.json"))));
        Assert.Equal("2637f6251a1acd11c4751f6832deeb026e0ab52fc6c2d71ae779262ec55ca8f0", hash);
    }

    [Theory]
    [InlineData("Pythia-6.9B", "\"gain\":0.7694174757281553", "\"gain\":0.7694174758281553")]
    [InlineData("GPT-J-6B", "\"gain\":1.0132450331125828", "\"gain\":1.0132450341125828")]
    [InlineData("GPT2-XL", "\"entropy\":5.387718175195759", "\"entropy\":5.387718185195759")]
    public void A_changed_digit_is_noticed_by_what_was_published(string model, string field, string changed)
    {
        string text = EmbeddedText.Of("published-study.json");
        Assert.Equal(2, text.Split(field).Length);
        var study = StudyJson.Read(text.Replace(field, changed, StringComparison.Ordinal));
        Assert.Contains(Reproduction.OfModels(StudyFigures.Of(study)), r => r.Of == model && r.Digits < 12 && Review.Reproductions.Single(own => own.Of == r.Of && own.Statistic == r.Statistic).Digits >= 12);
        if (field.StartsWith("\"gain", StringComparison.Ordinal)) Assert.Throws<ArgumentException>(() => StudyReview.Of(study));
    }

    [Fact]
    public void Where_every_gain_is_below_1_the_two_correlations_are_one_with_two_signs()
    {
        var f = Assert.Single(Review.Figures, f => f.AllBelow);
        Assert.Equal("Pythia-6.9B", f.Model.Model);
        Assert.Equal(-f.GainEntropy.Value!.Value.Coefficient, f.DeviationEntropy.Value!.Value.Coefficient, 1e-14);
        Assert.Equal(f.GainEntropy.Value!.Value.P, f.DeviationEntropy.Value!.Value.P, 1e-13);
        Assert.All(Review.Figures, other => Assert.True(other.GainEntropy.Value!.Value.Coefficient > 0));
        string[] standing = [.. Review.Figures.Where(x => x.DeviationEntropyHolm.Value < 0.05).Select(x => x.Model.Model)];
        Assert.Equal(["Gemma-7B", "LLaMA-3.1-8B"], standing);
    }

    [Fact]
    public void Both_figures_called_last_layer_are_other_steps_in_every_file()
    {
        Assert.Equal(2 + 8 + 16, Review.Conventions.Count);
        Assert.All(Review.Conventions, c => Assert.True(c.NoLnIsPenultimate && c.WithLnIsFinalNorm, $"{c.File} {c.Model.Model}"));
        Assert.All(Review.Conventions, c => Assert.Equal(c.Model.IsDampening, c.Model.GainNoLn < 1));
        var c = Review.Crowding;
        Assert.Equal(PublishedStudy.Shipped.HiddenStates[1].Published[PublishedStatistic.CrowdingPearson], c.Crowding.Value!.Value.Coefficient, 1e-12);
        Assert.Equal(PublishedStudy.Shipped.HiddenStates[1].Published[PublishedStatistic.CrowdingPearsonP], c.Crowding.Value!.Value.P, 1e-12);
        Assert.Equal(-0.88, c.Layers.Value!.Value.Coefficient, 0.005);
        Assert.Equal(-0.78, c.Heads.Value!.Value.Coefficient, 0.005);
        Assert.Equal(PublishedStudy.Shipped.HiddenStates[2].Published[PublishedStatistic.CrowdingAccuracy], (double)c.HuntRight / c.HuntModels);
    }

    [Fact]
    public void The_exponent_depends_on_single_sizes()
    {
        Assert.Equal(8, Review.PowerLaw.Without.Count);
        var slopes = Review.PowerLaw.Without.Select(w => w.Fit.Value!.Value.Slope).ToArray();
        var range = Review.PowerLaw.Fit.Value!.Value.LeaveOneOutRange.Value!.Value;
        Assert.Equal(range.Low, slopes.Min(), 1e-12);
        Assert.Equal(range.High, slopes.Max(), 1e-12);
        Assert.All(PublishedStudy.Shipped.Scaling.Sizes, s => Assert.Equal(s.AttnContractingPercent, 100.0 * s.AttnContracting / s.Layers, 1e-9));
    }

    [Fact]
    public void Each_suspected_cause_is_falsified_with_its_counter_examples_counted()
    {
        Assert.Equal(
            [("study-h1", 5, 4, 3, 0, 0), ("study-h2", 2, 1, 6, 0, 0), ("study-h3", 5, 4, 3, 0, 0), ("study-h4", 2, 1, 3, 0, 3)],
            Review.Causes.Select(c => (c.Id, c.With.Count, c.ExpandWith.Count, c.Without.Count, c.DampenWithout.Count, c.Unknown.Count)));
        Assert.All(Review.Causes, c => Assert.True(c.IsFalsified));
        // The study's own verdicts on the first two.
        string[] rejected = [.. Review.Study.Verdicts.Where(v => v.Verdict == "REJECTED").Select(v => v.Hypothesis)];
        Assert.Contains("layernorm_dampening", rejected);
        Assert.Contains("Parallel Attention Architecture causes dampening (Gain < 1.0)", rejected);
    }

    [Fact]
    public void A_cause_without_counter_example_is_not_falsified()
    {
        // The eight without GPT-J: parallel blocks are then Pythia's alone.
        var study = PublishedStudy.Shipped with { Models = [.. PublishedStudy.Shipped.Models.Where(m => m.Model != "GPT-J-6B")] };
        var parallel = SuspectedCause.All(StudyFigures.Of(study)).Single(c => c.Id == "study-h2");
        Assert.False(parallel.IsFalsified);
        Assert.Null(parallel.Weakest);
    }

    static StudyFigures Figures(string model) => Review.Figures.Single(f => f.Model.Model == model);

    static void Near(JsonElement expected, double? actual) =>
        Assert.True(Math.Abs(actual!.Value - expected.GetDouble()) <= Math.Max(1e-9 * Math.Abs(expected.GetDouble()), 1e-12), $"{expected.GetDouble():R}, {actual:R}");
}
