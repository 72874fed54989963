using Castalia.Hypotheses;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Library;

/// <summary>The laboratory's run folders are those of the command.</summary>
public sealed class LaboratoryTests
{
    [Fact]
    public void What_it_measures_is_what_the_model_says_itself()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = Golden.Load("gpt_neox/pythia").Checkpoint, prompts = folder.Write("prompts.jsonl", "{\"ids\": [1, 2, 3], \"category\": \"a\"}\n{\"ids\": [4, 5], \"category\": \"b\"}\n");
        var laboratory = new Laboratory(Path.Combine(folder.Path, "runs"));
        var options = new LaboratoryOptions { Prompts = prompts, Threads = 1 };
        string measured = laboratory.Measure(checkpoint, options, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Path.Combine(measured, "manifest.json")));
        laboratory.Explain(checkpoint, options, "last", TestContext.Current.CancellationToken);
        laboratory.Intervene(checkpoint, options, "last-mlp-zero", TestContext.Current.CancellationToken);
        using var model = LanguageModel.Open(checkpoint);
        var readings = model.Measure(PositionRange.Last, TokenSequence.Of(1, 2, 3), TokenSequence.Of(4, 5));
        using var stored = laboratory.Open();
        Assert.Equal(3, stored.Runs.Count);
        var gains = stored.Query($"SELECT prompt_index, gain FROM gains WHERE run = '{stored.Runs[0]}' ORDER BY prompt_index", TestContext.Current.CancellationToken);
        Assert.Equal([readings[0].LastGain, readings[1].LastGain], gains.Column("gain").Cast<double>());
        // Both name the parts of G² − 1.
        var parts = stored.Query("SELECT sum(value) AS a FROM attribution WHERE split = 'sublayers' AND prompt_index = 0", TestContext.Current.CancellationToken);
        Assert.Equal(readings[0].LastGain * readings[0].LastGain - 1, (double)parts.Rows[0][0]!, 1e-7);
        // Without the last MLP the library's own pass has the same gain.
        int last = model.Architecture.NLayers - 1;
        Site pre = new(ResidualSite.Pre, last), post = new(ResidualSite.Post, last);
        var erased = model.Pass().Change(new(ResidualSite.MlpOut, last), row => row.Values.Clear()).Keep(pre, post).Run(TokenSequence.Of(1, 2, 3));
        var intervened = stored.Query($"SELECT gain FROM interventions WHERE prompt_index = 0 AND layer = {last} AND site = 'mlp_out' AND held IS NULL", TestContext.Current.CancellationToken);
        Assert.Equal(Norm(erased[post].Row(0, 2)) / Norm(erased[pre].Row(0, 2)), (double)intervened.Rows[0][0]!, 1e-6);
    }

    [Fact]
    public void A_hypothesis_of_one_s_own_is_judged()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("prompts.jsonl", "{\"ids\": [1, 2, 3]}\n{\"ids\": [4, 5]}\n");
        var laboratory = new Laboratory(Path.Combine(folder.Path, "runs"));
        laboratory.Measure(Golden.Load("gpt_neox/pythia").Checkpoint, new() { Prompts = prompts }, TestContext.Current.CancellationToken);
        using var stored = laboratory.Open();
        var verdict = stored.Judge("study-h1", TestContext.Current.CancellationToken);
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.NotEmpty(verdict.Why);
        Assert.Throws<InputException>(() => stored.Judge("study-h99", TestContext.Current.CancellationToken));
        Assert.Throws<InputException>(() => stored.Query("DROP TABLE readings", TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => stored.Query("SELECT 1 AS one", TestContext.Current.CancellationToken).Column("two"));
        Assert.Throws<ArgumentException>(() => laboratory.Explain(stored.Folder, new() { Prompts = prompts }, "some", TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => Laboratory.BuiltIn("nobody"));
    }

    static double Norm(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x) sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
