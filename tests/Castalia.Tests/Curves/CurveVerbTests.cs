using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Curves;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Store;
using Castalia.Tests.Anatomy;
using Castalia.Tests.Audit;
using Castalia.Tests.Store;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Curves;

/// <summary>Steps of a small Pythia, measured once by the real command: 1 equals 0; in a second folder step 200 holds step 400's weights.</summary>
public sealed class SteppedRuns : IDisposable
{
    const int Prompts = 12;

    readonly TemporaryFolder _folder = new();

    public SteppedRuns()
    {
        string[] lines = [.. Enumerable.Range(0, Prompts).Select(i => $"{{\"ids\": [{i}, {i + 7}, {3 * i + 1}, {i + 2}], \"category\": \"{(i % 2 == 0 ? "even" : "odd")}\"}}\n")];
        string prompts = _folder.Write("prompts.jsonl", string.Concat(lines)), reversed = _folder.Write("reversed.jsonl", string.Concat(lines.Reverse()));
        string[] genuine = [.. new long[] { 0, 1, 2, 100, 200, 300, 400 }.Select(step => Write("genuine", step, step))];
        string[] planted = [.. new long[] { 0, 200, 400 }.Select(step => Write("planted", step, step == 200 ? 400 : step))];
        Genuine = Measure("runs", prompts, genuine);
        Reversed = Measure("reversed-runs", reversed, genuine);
        Planted = Measure("planted-runs", prompts, [.. planted]);
    }

    /// <summary>A run of seven steps.</summary>
    public string Genuine { get; }

    /// <summary>The same on the prompts in the opposite order.</summary>
    public string Reversed { get; }

    /// <summary>Three steps, two of equal weights.</summary>
    public string Planted { get; }

    string Write(string training, long step, long of)
    {
        string folder = Path.Combine(_folder.Path, training, FormattableString.Invariant($"step{step}"));
        SmallNeoX.Write(folder, (name, i) => Series.At(name, i, of < 2 ? of : 300 * of));
        return folder;
    }

    string Measure(string runs, string prompts, string[] checkpoints)
    {
        string folder = Path.Combine(_folder.Path, runs);
        var (code, _, error) = CommandLineTests.Castalia(["measure", .. checkpoints, "--prompts", prompts, "--out", folder]);
        Assert.True(code == 0, error);
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}

public sealed class CurveVerbTests(SteppedRuns runs) : IClassFixture<SteppedRuns>
{
    [Fact]
    public void Steps_are_read_off_folders_and_step_1_that_equals_step_0_is_merged_and_said()
    {
        var (code, output, error) = Curve(runs.Genuine);
        Assert.True(code == 0, error);
        Assert.Contains("Steps 0 and 1 hold the same weights, byte for byte, and are one point: genuine.", Words(output));
        Assert.Contains("genuine: 6 steps, 0 to 400, 12 prompts", Words(output));
        var curve = Json(runs.Genuine)["curves"]!.AsArray().Single()!;
        var steps = curve["steps"]!.AsArray();
        Assert.Equal([0, 2, 100, 200, 300, 400], steps.Select(step => (int)step!["step"]!));
        Assert.Equal((1, (int?)null), ((int)steps[0]!["equal_step"]!, (int?)steps[1]!["equal_step"]));
    }

    [Fact]
    public void A_mean_is_that_of_the_run_and_a_crossing_that_of_the_means()
    {
        var curve = Json(runs.Genuine)["curves"]!.AsArray().Single()!;
        var gains = JsonNode.Parse(CommandLineTests.Castalia(["gains", "--runs", runs.Genuine, "--json"]).Output)!["rows"]!.AsArray();
        foreach (var step in curve["steps"]!.AsArray().Skip(1))
            Assert.Equal((double)gains.Single(row => (string)row!["model"]! == $"step{step!["step"]}")!["gain"]!["mean"]!, (double)step!["mean"]!, 1e-12);
        double[] at = [.. curve["steps"]!.AsArray().Select(step => (double)step!["step"]!)], means = [.. curve["steps"]!.AsArray().Select(step => (double)step!["mean"]!)];
        double[] expected = [.. Enumerable.Range(1, at.Length - 1).Where(i => means[i - 1] < 1 != means[i] < 1).Select(i => at[i - 1] + (at[i] - at[i - 1]) * (1 - means[i - 1]) / (means[i] - means[i - 1]))];
        Assert.Equal(expected.Select(step => Math.Round(step, 6)), curve["crossings"]!.AsArray().Select(crossing => Math.Round((double)crossing!["step"]!, 6)));
    }

    [Fact]
    public void The_order_of_prompts_changes_no_bit()
    {
        static string Figures(JsonNode document)
        {
            foreach (var step in document["curves"]![0]!["steps"]!.AsArray()) step!["run"] = "";
            document["curves"]![0]!["prompt_set"] = "";
            document["store"] = "";
            return document.ToJsonString();
        }
        Assert.Equal(Figures(Json(runs.Genuine)), Figures(Json(runs.Reversed)));
    }

    [Fact]
    public void A_planted_duplicate_is_refused_and_named_and_kept_when_told()
    {
        var (code, output, error) = Curve(runs.Planted);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("Different steps hold the same weights, byte for byte", error);
        Assert.Contains("steps 200, 400", Words(error));
        var kept = Curve(runs.Planted, "--duplicates", "keep");
        Assert.True(kept.Code == 0, kept.Error);
        Assert.Contains("though these steps hold the same weights", Words(kept.Output));
        Assert.Equal([200, 400], Json(runs.Planted, "--duplicates", "keep")["kept_duplicates"]![0]!["steps"]!.AsArray().Select(step => (int)step!));
    }

    [Fact]
    public void Runs_without_steps_or_without_the_reading_are_told_what_would_give_one()
    {
        var (code, _, error) = Curve(runs.Genuine, "--reading", "kappa");
        Assert.Equal(2, code);
        Assert.Contains("'castalia dynamics' of each step reads it.", Words(error));
        using var folder = new TemporaryFolder();
        StoredRuns.Write(folder.Path);
        Assert.Contains("No training has two measured steps", Curve(folder.Path).Error);
    }

    [Theory]
    [InlineData("cos")]
    [InlineData("ratio")]
    [InlineData("set_point")]
    [InlineData("entropy")]
    [InlineData("attribution_attn")]
    [InlineData("attribution_mlp")]
    public void Other_readings_are_those_of_the_view(string reading)
    {
        using var store = RunStore.Open(runs.Genuine, TestContext.Current.CancellationToken);
        var curve = Assert.Single(Set(store, reading, GainGrouping.Model).Curves);
        var rows = store.Gains(TestContext.Current.CancellationToken).Where(row => row.Model == "step300");
        double[] expected = [.. rows.Select(row => reading switch
        {
            "cos" => row.CosTheta,
            "ratio" => row.R,
            "set_point" => row.CosTheta < 0 ? row.R / (2 * Math.Abs(row.CosTheta.Value)) : null,
            "entropy" => row.Entropy,
            "attribution_attn" => row.AttributionAttn,
            _ => row.AttributionMlp,
        }).OfType<double>()];
        var point = curve.Points.Single(point => point.Step == 300);
        Assert.Equal(expected.Length, point.Estimate.N);
        if (expected.Length > 0) Assert.Equal(expected.Average(), point.Estimate.Mean.Value!.Value, 1e-12);
    }

    [Fact]
    public void Categories_have_curves_of_their_own()
    {
        using var store = RunStore.Open(runs.Genuine, TestContext.Current.CancellationToken);
        var set = Set(store, "gain", GainGrouping.Category);
        Assert.Equal([("genuine, even", 6), ("genuine, odd", 6)], set.Curves.Select(curve => (curve.Series.Label, curve.Series.Prompts)));
        double all = Set(store, "gain", GainGrouping.Model).Curves[0].Points[3].Estimate.Mean.Value!.Value;
        Assert.Equal(all, set.Curves.Average(curve => curve.Points[3].Estimate.Mean.Value!.Value), 1e-12);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Its_page_fits_the_terminal(int columns)
    {
        using var store = RunStore.Open(runs.Genuine, TestContext.Current.CancellationToken);
        foreach (var (reading, by) in Pages)
        {
            string page = TerminalPrinter.Of(CurveReport.Of(Set(store, reading, by), "runs"), columns);
            Assert.All(page.Split('\n'), line => Assert.True(line.Length <= columns, line));
            Assert.DoesNotContain("NaN", page);
        }
    }

    [Fact]
    public void The_report_draws_the_curve_or_says_why_not_and_figures_are_written()
    {
        using var folder = new TemporaryFolder();
        string figures = Path.Combine(folder.Path, "figures"), html = Path.Combine(folder.Path, "r.html"), planted = Path.Combine(folder.Path, "p.html");
        var (code, _, error) = Curve(runs.Genuine, "--figures", figures, "--format", "html");
        Assert.True(code == 0, error);
        Assert.Equal(["curve-gain-178mm.png", "curve-gain-178mm.svg", "curve-gain-86mm.png", "curve-gain-86mm.svg", "curve-gain.txt"], Directory.GetFiles(figures).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(0, CommandLineTests.Castalia(["report", "--runs", runs.Genuine, "--out", html]).Code);
        Assert.Contains("id=\"curve-gain\"", File.ReadAllText(html));
        Assert.Equal(0, CommandLineTests.Castalia(["report", "--runs", runs.Planted, "--out", planted]).Code);
        Assert.Contains("Not drawn: Different steps hold the same weights", File.ReadAllText(planted));
    }

    static readonly (string Reading, GainGrouping By)[] Pages = [("gain", GainGrouping.Model), ("gain", GainGrouping.Category), ("attribution_mlp", GainGrouping.Category), ("entropy", GainGrouping.Model)];

    static CurveSet Set(RunStore store, string reading, GainGrouping by) => CurveSet.Of(store, CurveReading.Of(reading), by, DuplicateSteps.Refuse, 1, TestContext.Current.CancellationToken);

    static (int Code, string Output, string Error) Curve(string folder, params string[] args) => CommandLineTests.Castalia(["curve", "--runs", folder, .. args]);

    static JsonNode Json(string folder, params string[] args) => JsonNode.Parse(Curve(folder, [.. args, "--json"]).Output)!;

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
