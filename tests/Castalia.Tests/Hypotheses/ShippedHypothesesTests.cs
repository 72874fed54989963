using Castalia.Hypotheses;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Hypotheses;

public sealed class ShippedHypothesesTests
{
    public static TheoryData<string> Ids => [.. HypothesisFiles.Names().Select(name => Path.GetFileNameWithoutExtension(name))];

    [Fact]
    public void Each_says_in_words_what_would_refute_it() =>
        Assert.All(HypothesisFiles.BuiltIn(), h => Assert.True(h.Refutation is { Length: > 40 } && h.Refutation.EndsWith('.'), h.Id));

    [Fact]
    public void The_study_and_every_further_hypothesis_are_there_the_studys_first() => Assert.Equal(
        [
            "study-h1", "study-h2", "study-h3", "study-h4", "study-h25", "h0-convention", "h1-common-mode", "h2-outlier-dimensions", "h3-bias-offset",
            "h4-self-inhibition", "h5-dark-subspace", "h6-final-norm", "h7-unembedding", "h8-initialisation", "h9-decay", "h10-confidence-penalty",
            "h11-head-crowding", "h12-position", "h13-bentov-spurious", "h14-multistability", "h15-confidence-erasure", "h15-running-text", "twins-critical", "twins-settled", "twins-wiring", "untied-unembedding",
        ], HypothesisFiles.BuiltIn().Select(h => h.Id));

    [Theory, MemberData(nameof(Ids))]
    public void Each_is_named_as_its_file_and_fits_the_views_of_a_store_with_runs_and_without(string id)
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == id);
        Assert.Equal($"{id}.yaml", hypothesis.Source.Name);
        using var folder = new TemporaryFolder();
        foreach (bool empty in new[] { true, false })
        {
            if (!empty) RunFolder.Write(HandBuilt.Run(HandBuilt.TenPrompts()), folder.Path, CancellationToken.None);
            using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
            var source = new StoredEvidence(store);
            Binding.Check([hypothesis], source, TestContext.Current.CancellationToken);
            var verdict = HypothesisEvaluation.Of(hypothesis, source, TestContext.Current.CancellationToken);
            Assert.Equal(VerdictKind.Undecided, verdict.Kind);
            Assert.Equal(hypothesis.Requires is null && hypothesis.Needs.Count == 0, verdict.Missing.Count == 0);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void Each_says_what_would_support_and_what_would_falsify_it_or_what_it_waits_for(string id)
    {
        var h = HypothesisFiles.BuiltIn().Single(h => h.Id == id);
        Assert.True(h.Needs.Any(n => n.For == NeededFor.Both) || h is { Twins: { Supported: not null, Falsified: not null } } || h is { Supported: not null, Falsified: not null, Requires: not null });
        Assert.NotEmpty(h.Sources);
    }

    [Fact]
    public void The_tables_of_the_document_are_those_that_ship()
    {
        string path = Path.Combine(Shared.Repository, "docs", "hypotheses.md"), document = File.ReadAllText(path);
        int table = document.IndexOf("| id | title |", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, (table < 0 ? document : document[..table]) + HypothesisTables.Documentation());
            Assert.Fail("wrote docs/hypotheses.md");
        }
        Assert.Equal(HypothesisTables.Documentation(), document[table..]);
    }

    [Fact]
    public void Every_do_file_that_one_asks_for_ships_and_can_be_read() =>
        Assert.All(HypothesisFiles.BuiltIn().SelectMany(h => h.Each?.DoFiles ?? []), name => Assert.NotEmpty(Castalia.DoFiles.DoFile.Read(name).Entries));

    [Fact]
    public void Those_that_interventions_answer_have_rules_for_one_model() => Assert.Equal(
        ["h0", "h1", "h2", "h3", "h4", "h5", "h6", "h11", "h12", "h13", "h15", "h15"],
        HypothesisFiles.BuiltIn().Where(h => h.Each is { Supported: not null, Falsified: not null }).Select(h => h.Id.Split('-')[0]));
}
