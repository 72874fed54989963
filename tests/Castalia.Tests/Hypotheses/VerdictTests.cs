using Castalia.Hypotheses;
using Xunit;
using static Castalia.Tests.Hypotheses.WrittenHypothesis;

namespace Castalia.Tests.Hypotheses;

public sealed class VerdictTests
{
    const string TwoAbove = "('a', 'p1', 1.5), ('a', 'p2', 1.25)", OneOfTwo = "('a', 'p1', 1.5), ('a', 'p2', 0.5)";

    [Fact]
    public void Support_and_falsification_follow_their_rules()
    {
        Assert.Equal(VerdictKind.Supported, Verdict(Yaml(TwoAbove)).Kind);
        Assert.Equal(VerdictKind.Falsified, Verdict(Yaml("('a', 'p1', 0.5), ('a', 'p2', 0.5)")).Kind);
        Assert.Equal(VerdictKind.Undecided, Verdict(Yaml(OneOfTwo)).Kind);
    }

    [Theory]
    [InlineData("above.share < 0.5", nameof(VerdictKind.Undecided))]
    [InlineData("above.share <= 0.5", nameof(VerdictKind.Falsified))]
    public void Exactly_at_the_threshold_only_the_closed_comparison_holds(string falsified, string kind) =>
        Assert.Equal(kind, $"{Verdict(Yaml(OneOfTwo, falsified: falsified)).Kind}");

    [Theory]
    [InlineData(1, 2, nameof(VerdictKind.Supported))]
    [InlineData(1, 3, nameof(VerdictKind.Undecided))]
    [InlineData(2, 2, nameof(VerdictKind.Undecided))]
    public void Fewer_models_or_prompts_than_required_leave_it_undecided(int models, int prompts, string kind)
    {
        var verdict = Verdict(Yaml(TwoAbove, requires: $"{{ models: {models}, prompts: {prompts} }}"));
        Assert.Equal(kind, $"{verdict.Kind}");
        if (kind == nameof(VerdictKind.Undecided)) Assert.Contains("needed", Assert.Single(verdict.Missing));
    }

    [Fact]
    public void What_is_missing_names_the_models_with_too_few_prompts()
    {
        var verdict = Verdict(Yaml(TwoAbove, requires: "{ models: 1, prompts: 3 }"));
        Assert.Equal("1 model with at least 3 prompts needed, 0 there (too few prompts: a 2)", Assert.Single(verdict.Missing));
        Assert.Null(verdict.Strength);
    }

    [Fact]
    public void A_model_with_too_few_prompts_counts_for_nothing()
    {
        var verdict = Verdict(Yaml(TwoAbove + ", ('b', 'p1', 0.5)", requires: "{ models: 1, prompts: 2 }"));
        Assert.Equal((VerdictKind.Supported, "2 of 2"), (verdict.Kind, verdict.Strength));
    }

    [Fact]
    public void Falsification_on_too_few_data_is_no_verdict_either() =>
        Assert.Equal(VerdictKind.Undecided, Verdict(Yaml("('a', 'p1', 0.5)", requires: "{ models: 2 }")).Kind);

    [Fact]
    public void Rows_without_a_value_do_not_make_fewer_prompts_enough()
    {
        var verdict = Verdict(Yaml("('a', 'p1', 1.5), ('a', 'p2', NULL)", requires: "{ models: 1, prompts: 2 }"));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("values of 0 models only, 1 required", verdict.Why);
    }

    [Fact]
    public void Rules_that_both_hold_contradict_one_another()
    {
        var verdict = Verdict(Yaml(TwoAbove, falsified: "above.n = 2"));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("contradict", verdict.Why);
    }

    [Theory]
    [InlineData("supported", TwoAbove, nameof(VerdictKind.Undecided))]
    [InlineData("falsified", TwoAbove, nameof(VerdictKind.Supported))]
    [InlineData("both", TwoAbove, nameof(VerdictKind.Undecided))]
    [InlineData("supported", "('a', 'p1', 0.5)", nameof(VerdictKind.Falsified))]
    [InlineData("falsified", "('a', 'p1', 0.5)", nameof(VerdictKind.Undecided))]
    public void A_measurement_that_is_waited_for_keeps_back_the_verdict_it_is_for(string needed, string rows, string kind)
    {
        var verdict = Verdict(Yaml(rows, more: $"needs:\n  - {{ measurement: an ablation, for: {needed} }}"));
        Assert.Equal(kind, $"{verdict.Kind}");
        if (kind == nameof(VerdictKind.Undecided)) Assert.Contains("an ablation", verdict.Why);
    }

    [Fact]
    public void A_statistic_that_is_undefined_says_why_and_decides_nothing()
    {
        var verdict = Verdict(Yaml(TwoAbove, supported: "m.low > 1", falsified: "m.high < 1", tests: "  m: { statistic: correlation, from: rows, of: gain, on: gain, method: pearson }\n")
            .Replace("m.low > 1", "m.coefficient > 0").Replace("m.high < 1", "m.coefficient < 0"));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("m.coefficient (n = 2 is below 3)", verdict.Why);
    }

    [Fact]
    public void A_sentence_with_a_dash_says_why_it_is_there()
    {
        string yaml = Yaml(TwoAbove, tests: "  m: { statistic: correlation, from: rows, of: gain, on: gain, method: pearson }\n")
            .Replace("{above.count} of {above.n}", "{above.count} of {above.n}, r = {m.coefficient} [{m.low}, {m.high}]");
        Assert.Equal(
            "2 of 2, r = – [–, –] m.coefficient, m.low, m.high undefined, because n = 2 is below 3.", Verdict(yaml).Strength);
    }

    [Fact]
    public void The_run_with_the_most_prompts_stands_for_a_model_and_the_others_are_named()
    {
        string yaml = Yaml(TwoAbove).Replace("SELECT 'r' AS run, model, prompt, gain", "SELECT CASE WHEN prompt = 'p3' THEN 'z' ELSE 'r' END AS run, model, prompt, gain")
            .Replace("('a', 'p2', 1.25)", "('a', 'p2', 1.25), ('a', 'p3', 0.5)");
        var verdict = Verdict(yaml);
        var model = Assert.Single(verdict.Models!.Used);
        Assert.Equal(("a", "r", 2), (model.Model, model.Run, model.Prompts));
        Assert.Equal(["z"], model.OtherRuns);
        Assert.Equal("2 of 2", verdict.Strength);
    }

    [Fact]
    public void Holm_is_taken_over_the_models()
    {
        // p = 0.5 against 1 has t = ±1 with one degree of freedom: a has mean 1.5, b mean 0.75, both two prompts.
        string yaml = Yaml("('a', 'p1', 1), ('a', 'p2', 2), ('b', 'p1', 0.5), ('b', 'p2', 1)", requires: "{ models: 2, prompts: 2 }", supported: "few.count = 0",
            tests: "  m: { statistic: mean, from: rows, of: gain, against: 1, per: model, holm: yes }\n  few: { statistic: count, over: models, where: m.p_holm < 0.99 }\n");
        var results = Verdict(yaml).Outcomes.Single(o => o.Test.Name == "m").Results;
        Assert.All(results, r => Assert.Equal(0.5, r.Result.Fields["p"].Value!.Value, 1e-12));
        Assert.All(results, r => Assert.Equal(1, r.Result.Fields["p_holm"].Value!.Value, 1e-12));
    }

    [Fact]
    public void Facts_of_a_model_are_columns_of_a_query_with_one_row_for_it()
    {
        string yaml = Yaml("('a', 'p1', 1.5), ('b', 'p1', 0.5)", requires: "{ models: 2 }", supported: "agree.count = 2",
            tests: "  agree: { statistic: count, over: models, where: rows.expands and rows.gain > 1 or not rows.expands and rows.gain < 1 }\n");
        Assert.Equal(VerdictKind.Supported, Verdict(yaml).Kind);
        var e = Assert.Throws<InputException>(() => Verdict(yaml.Replace("('b', 'p1', 0.5)", "('b', 'p1', 0.5), ('b', 'p2', 0.5)")));
        Assert.Equal("'rows' has 2 rows for b, so its columns are no facts of a model.", e.Cause);
    }

    [Fact]
    public void Slope_with_categories_held_is_that_of_each_category_about_its_mean()
    {
        // Within u: gain = 1 + 2·x ± e; within v: gain = 9 + 2·x ± e. Without the category the slope would be far off.
        string yaml = Yaml("('a', 'p1', 1.1)", supported: "s.slope > 1.8 and s.slope < 2.2", falsified: "s.slope < 0",
                tests: "  s: { statistic: slope, from: rows, of: gain, on: x, within: kind, clusters: prompt }\n")
            .Replace("SELECT 'r' AS run, model, prompt, gain, gain > 1 AS expands", "SELECT 'r' AS run, 'a' AS model, prompt, gain, x, kind")
            .Replace("('a', 'p1', 1.1)", "('1', 1.1, 0, 'u'), ('2', 2.9, 1, 'u'), ('3', 5.0, 2, 'u'), ('4', 1.0, -4, 'v'), ('5', 3.1, -3, 'v'), ('6', 4.9, -2, 'v')")
            .Replace("t(model, prompt, gain)", "t(prompt, gain, x, kind)");
        var verdict = Verdict(yaml);
        var fields = verdict.Outcomes.Single(o => o.Test.Name == "s").Results[0].Result.Fields;
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        Assert.Equal(((5.0 - 1.1) + (4.9 - 1.0)) / 4, fields["slope"].Value!.Value, 1e-12);
        Assert.Equal((6, 6), (fields["n"].Value, fields["clusters"].Value));
    }

    [Fact]
    public void Variance_that_is_gone_is_that_of_the_means_of_categories()
    {
        // Means before 2 and 6, variance 4; after 3 and 4, variance 0.25.
        string yaml = Yaml("('a', 'p1', 1.1)", supported: "s.share > 0.9", falsified: "s.share < 0", tests: "  s: { statistic: variance-gone, from: rows, of: after, on: before, within: kind }\n")
            .Replace("SELECT 'r' AS run, model, prompt, gain, gain > 1 AS expands", "SELECT 'r' AS run, 'a' AS model, prompt, 1.5 AS gain, before, after, kind")
            .Replace("('a', 'p1', 1.1)", "('1', 1.0, 2.5, 'u'), ('2', 3.0, 3.5, 'u'), ('3', 1.0, 3.5, 'u'), ('4', 3.0, 2.5, 'u'), ('5', 5.0, 4.5, 'v'), ('6', 7.0, 3.5, 'v'), ('7', 5.0, 3.5, 'v'), ('8', 7.0, 4.5, 'v')")
            .Replace("t(model, prompt, gain)", "t(prompt, before, after, kind)");
        var fields = Verdict(yaml).Outcomes.Single(o => o.Test.Name == "s").Results[0].Result.Fields;
        Assert.Equal(1 - 0.25 / 4, fields["share"].Value!.Value, 1e-12);
        Assert.Equal(8, fields["n"].Value);
    }

    [Theory]
    [InlineData("('a', 'p1', 1.5)", 1.5)]
    [InlineData("('a', 'p1', 1.5), ('a', 'p2', 1.25)", null)]
    public void A_value_is_that_of_the_one_row(string rows, double? value)
    {
        string yaml = Yaml(rows, supported: "v.value > 1", falsified: "v.value < 1", tests: "  v: { statistic: value, from: rows, of: gain }\n");
        var field = Verdict(yaml).Outcomes.Single(o => o.Test.Name == "v").Results[0].Result.Fields["value"];
        Assert.Equal(value, field.Value);
        if (value is null) Assert.Equal("there are 2 rows with a value, not one", field.UndefinedBecause);
    }
}
