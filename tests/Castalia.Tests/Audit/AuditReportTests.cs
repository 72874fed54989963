using Castalia.Anatomy;
using Castalia.Architectures;
using Castalia.Audit;
using Castalia.Cards;
using Castalia.Errors;
using Castalia.Tests.Anatomy;
using Xunit;

namespace Castalia.Tests.Audit;

public sealed class AuditReportTests
{
    static readonly long[] Steps = [0, 1, 1000, 2000, 3000, 50000, 51000, 142000, 143000];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_clean_series_the_first_step_alone_is_noted(bool sharded)
    {
        using var series = new Series();
        var report = series.Report(series.Steps(Steps, sharded: sharded));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.FirstStep, Severity.Note), (finding.Kind, finding.Severity));
        Assert.Equal(["step0", "step1"], finding.Revisions);
        Assert.True(report.IsClean);
    }

    [Fact]
    public void A_series_without_the_first_steps_has_nothing_to_note()
    {
        using var series = new Series();
        Assert.Empty(series.Report(series.Steps([1000, 2000, 3000])).Findings);
    }

    [Fact]
    public void Steps_that_serve_the_last_one_s_weights_are_found()
    {
        using var series = new Series();
        var report = series.Report(series.Steps(Steps, (step, _) => step is 2000 or 3000 ? 143000 : step));
        var defect = Assert.Single(report.Findings, finding => finding.Severity == Severity.Defect);
        Assert.Equal((FindingKind.SameWeights, false), (defect.Kind, report.IsClean));
        Assert.Equal(["step2000", "step3000", "step143000"], defect.Revisions);
    }

    [Fact]
    public void A_step_2_like_steps_0_and_1_is_a_defect()
    {
        using var series = new Series();
        var report = series.Report(series.Steps([0, 1, 2, 4], (step, _) => step == 2 ? 0 : step == 4 ? 4000 : step));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.SameWeights, Severity.Defect), (finding.Kind, finding.Severity));
        Assert.Equal(["step0", "step1", "step2"], finding.Revisions);
    }

    [Fact]
    public void A_second_name_of_the_last_step_is_noted()
    {
        using var series = new Series();
        TensorHashes[] revisions = [.. series.Steps([1000, 143000]), series.Hash(series.Write("main", (name, i) => Series.At(name, i, 143000), sharded: false))];
        var finding = Assert.Single(series.Report(revisions).Findings);
        Assert.Equal((FindingKind.AnotherName, Severity.Note), (finding.Kind, finding.Severity));
        Assert.Equal(["step143000", "main"], finding.Revisions);
    }

    [Fact]
    public void A_shard_of_another_step_is_found_with_its_owner()
    {
        using var series = new Series();
        var report = series.Report(series.Steps(Steps, (step, name) => step == 50000 && SmallNeoX.ShardOf(name) == 1 ? 143000 : step));
        var defect = Assert.Single(report.Findings, finding => finding.Severity == Severity.Defect);
        var shared = defect.Shared!;
        Assert.Equal(FindingKind.ForeignTensors, defect.Kind);
        Assert.Equal(["step50000", "step143000"], shared.Revisions);
        Assert.Equal(["model-00001-of-00003.safetensors"], shared.Files);
        Assert.Equal(("step143000", true), (shared.Owner, shared.IsWholeFiles));
        Assert.Equal(["step50000"], shared.Foreign);
        Assert.Equal(SmallNeoX.Tensors.Where(t => SmallNeoX.ShardOf(t.Name) == 1 && t.Shape.Count == 2).Select(t => t.Name).Order(StringComparer.Ordinal), shared.Tensors);
    }

    [Fact]
    public void Two_steps_with_the_same_foreign_shard_are_one_finding()
    {
        using var series = new Series();
        var report = series.Report(series.Steps(Steps, (step, name) => step is 2000 or 50000 && SmallNeoX.ShardOf(name) == 3 ? 143000 : step));
        var shared = Assert.Single(report.Findings, finding => finding.Severity == Severity.Defect).Shared!;
        Assert.Equal(["step2000", "step50000", "step143000"], shared.Revisions);
        Assert.Equal("step143000", shared.Owner);
    }

    [Fact]
    public void A_single_matrix_of_another_step_is_found_and_is_no_whole_file()
    {
        using var series = new Series();
        const string Moved = "gpt_neox.layers.1.attention.dense.weight";
        var report = series.Report(series.Steps(Steps, (step, name) => step == 51000 && name == Moved ? 2000 : step, sharded: false));
        var shared = Assert.Single(report.Findings, finding => finding.Severity == Severity.Defect).Shared!;
        Assert.Equal((Moved, "step2000", false), (Assert.Single(shared.Tensors), shared.Owner, shared.IsWholeFiles));
    }

    [Fact]
    public void Without_a_look_at_the_weights_no_owner_is_named()
    {
        using var series = new Series();
        var hashes = series.Steps(Steps, (step, name) => step == 50000 && SmallNeoX.ShardOf(name) == 1 ? 143000 : step);
        var shared = Assert.Single(AuditReport.Of(hashes).Findings, finding => finding.Severity == Severity.Defect).Shared!;
        Assert.Null(shared.Owner);
        Assert.Empty(shared.Foreign);
    }

    [Fact]
    public void A_step_0_drawn_as_documented_is_no_finding()
    {
        using var series = new Series();
        var hashes = series.Steps([0, 1000]);
        var initial = series.Initial("step0");
        Assert.Empty(series.Report(hashes, initial).Findings);
        Assert.All(initial.Kinds, kind => Assert.Contains(kind.Documented!.Name, kind.Fits));
        Assert.Equal("wang_init", initial.Kinds.Single(kind => kind.Role == WeightRole.MlpDown).Documented!.Name);
    }

    /// <summary>Pythia 6.9B and 12B: no rule was stated, and so GPT-NeoX took another.</summary>
    [Fact]
    public void A_step_0_drawn_by_another_rule_is_found_and_the_rule_named()
    {
        using var series = new Series();
        double outer = InitialScheme.ScaledNormal(3).Deviation;
        var hashes = series.Hash(series.Write("step0", (name, i) => Series.Drawn(name, i, 0.02, outer)));
        var finding = Assert.Single(series.Report([hashes], series.Initial("step0")).Findings);
        Assert.Equal((FindingKind.InitialStatistics, Severity.Defect), (finding.Kind, finding.Severity));
        Assert.Empty(finding.Initial!.Moved);
        Assert.All(finding.Initial.Kinds, kind => Assert.True(kind.Contradicts));
        Assert.All(finding.Initial.Kinds, kind => Assert.Equal([kind.Role is WeightRole.AttnOut or WeightRole.MlpDown ? "scaled normal" : "normal"], kind.Fits));
    }

    [Fact]
    public void A_step_0_that_is_wrong_as_its_card_knows_is_a_note_with_the_reason()
    {
        using var series = new Series();
        var hashes = series.Hash(series.Write("step0", (name, i) => Series.Drawn(name, i, 0.02, InitialScheme.ScaledNormal(3).Deviation)));
        var known = Assert.Single(series.Report([hashes], series.Initial("step0", ModelCards.Named("pythia-12b"))).Findings);
        Assert.Equal((Severity.Note, true), (known.Severity, known.Initial!.IsKnownError));
        Assert.StartsWith("Drawn by the defaults", known.Initial.ErrorOnCard, StringComparison.Ordinal);
        Assert.Equal(Severity.Defect, Assert.Single(series.Report([hashes], series.Initial("step0", ModelCards.Named("pythia-70m"))).Findings).Severity);
    }

    /// <summary>The rules of GPT-2 and GPT-J, with the figures that follow for the published sizes.</summary>
    [Theory]
    [InlineData("gpt2", "Embedding", "normal", 0.02)]
    [InlineData("gpt2", "Query", "normal", 0.02)]
    [InlineData("gpt2", "AttnOut", "scaled normal", 0.02 / 4.898979485566356)]
    [InlineData("gpt2", "Positions", null, null)]
    [InlineData("gpt-j-6b", "Embedding", "truncated_vocabulary", 0.0039)]
    [InlineData("gpt-j-6b", "MlpUp", "truncated_fan_in", 0.0137)]
    [InlineData("gpt-j-6b", "MlpDown", "truncated_wang", 0.00098)]
    [InlineData("gpt-j-6b", "Unembedding", null, null)]
    public void A_family_is_documented_to_begin_so(string model, string role, string? rule, double? deviation)
    {
        var description = model == "gpt2" ? ConfigOnly.Read(CardConfigs.Of(ModelCards.Named(model))!, model) : StudyConfigs.Of(model).Described();
        var documented = InitialStatistics.DocumentedOf(description.Architecture, Enum.Parse<WeightRole>(role));
        Assert.Equal(rule, documented?.Name);
        if (deviation is { } known) Assert.InRange(documented!.Deviation / known, 0.99, 1.01);
    }

    /// <summary>Pythia 2.8B: step 0 serves weights that have been trained.</summary>
    [Fact]
    public void A_step_0_that_was_trained_is_found()
    {
        using var series = new Series();
        var hashes = series.Hash(series.Write("step0", (name, i) => Series.At(name, i, 143000)));
        var finding = Assert.Single(series.Report([hashes], series.Initial("step0")).Findings);
        Assert.NotEmpty(finding.Initial!.Moved);
        Assert.Contains(finding.Initial.Kinds, kind => kind.Contradicts);
    }

    [Fact]
    public void Revisions_of_different_models_and_two_of_one_name_are_refused()
    {
        using var series = new Series();
        var hashes = series.Steps([1000, 2000]);
        var e = Assert.Throws<InputException>(() => AuditReport.Of([hashes[0], hashes[0]]));
        Assert.Equal("Two revisions are called 'step1000'.", e.Cause);
        var other = hashes[1] with { Tensors = [.. hashes[1].Tensors.Skip(1)] };
        Assert.Equal("The two revisions are not one model: 'embed_out.weight' is in step1000 alone.", Assert.Throws<InputException>(() => AuditReport.Of([hashes[0], other])).Cause);
    }

    [Fact]
    public void What_is_left_of_the_first_weights_is_set_beside_what_decay_would_leave()
    {
        using var series = new Series();
        series.Steps([0, 41000]);
        var compared = Castalia.Anatomy.Weights.WeightAnatomies.Compare(series.Weights("step41000"), series.Weights("step0"), 1, null, TestContext.Current.CancellationToken);
        var rows = DecayComparison.Of(compared, 0.41);
        Assert.Equal(6, rows.Count(row => row.Role is WeightRole.Query or WeightRole.Key or WeightRole.Value or WeightRole.AttnOut or WeightRole.MlpUp or WeightRole.MlpDown));
        // Planted: 1 − 0.41 of every weight, and a drift that has no part in it but by chance.
        Assert.All(rows, row => Assert.Equal(0.59, row.Alpha, 0.1));
        Assert.All(rows, row => Assert.Equal(row.Alpha / 0.41, row.Ratio, 1e-12));
        Assert.DoesNotContain(rows, row => WeightShapes.IsVector(row.Role));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecayComparison.Of(compared, 0));
    }

    [Fact]
    public void A_curve_is_refused_revisions_of_which_two_are_the_same()
    {
        using var series = new Series();
        SameWeights.Refuse(series.Steps(Steps));
        using var broken = new Series();
        var e = Assert.Throws<InputException>(() => SameWeights.Refuse(broken.Steps(Steps, (step, _) => step == 2000 ? 143000 : step)));
        Assert.Equal("2 revisions hold the same weights, byte for byte: step2000, step143000.", e.Cause);
    }
}
