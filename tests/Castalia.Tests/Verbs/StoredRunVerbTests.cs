using System.Text.Json.Nodes;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>gains, conventions and compare over runs that the command measured itself.</summary>
public sealed class StoredRunVerbTests : IClassFixture<StoredRunVerbTests.Measured>
{
    const string Gqa = "gqa", Tied = "tied-bias-f32";

    /// <summary>Two runs: both models on twelve prompts of ids, and one of them again on the first five, of which one has other ids.</summary>
    public sealed class Measured : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Measured()
        {
            static string Line(int i, int shift) => $$"""{"name":"q{{i}}","category":"{{(i % 2 == 0 ? "even" : "odd")}}","ids":[{{i + 1 + shift}},{{2 * i + 3}},{{5 * i % 97}}]}""";
            string twelve = _folder.Write("twelve.jsonl", string.Concat(Enumerable.Range(0, 12).Select(i => Line(i, 0) + "\n")));
            string five = _folder.Write("five.jsonl", string.Concat(Enumerable.Range(0, 5).Select(i => Line(i, i == 4 ? 7 : 0) + "\n")));
            string one = _folder.Write("one.jsonl", Line(0, 0) + "\n");
            Runs = Path.Combine(_folder.Path, "runs");
            Both = Measure(twelve, Model(Gqa), Model(Tied));
            Again = Measure(five, Model(Gqa));
            One = Measure(one, Model(Gqa));
        }

        public string Runs { get; }

        public string Both { get; }

        public string Again { get; }

        public string One { get; }

        static string Model(string name) => Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", name);

        string Measure(string prompts, params string[] models)
        {
            var (code, output, error) = CommandLineTests.Castalia(["measure", .. models, "--prompts", prompts, "--out", Runs]);
            Assert.True(code == 0, error);
            return Path.GetFileName(output.TrimEnd('\n').Split('\n')[^1]["Run folder: ".Length..]);
        }

        public void Dispose() => _folder.Dispose();
    }

    readonly Measured _measured;

    public StoredRunVerbTests(Measured measured) => _measured = measured;

    (int Code, string Output, string Error) Run(params string[] args) => CommandLineTests.Castalia([.. args, "--runs", _measured.Runs]);

    JsonNode Json(params string[] args)
    {
        var (code, output, error) = Run([.. args, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    string Page(params string[] args)
    {
        var (code, output, error) = Run(args);
        Assert.True(code == 0, error);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain('\e', output);
        return output;
    }

    [Fact]
    public void Gains_are_those_of_the_runs_own_summaries()
    {
        var rows = Json("gains")["rows"]!.AsArray();
        Assert.Equal(4, rows.Count);
        foreach (var row in rows)
        {
            string summary = File.ReadAllText(Path.Combine(_measured.Runs, (string)row!["run"]!, "summary.json"));
            var model = Assert.Single(JsonNode.Parse(summary)!["models"]!.AsArray(), m => (string)m!["model"]! == (string)row["model"]!)!;
            var all = model["statistics"]!["all"]!;
            Assert.Equal((double)all["gain"]!["mean"]!, (double)row["gain"]!["mean"]!);
            Assert.Equal((int)all["below_1"]!, (int)row["below_1"]!["k"]!);
            Assert.Equal((string)all["status"]!, (string)row["status"]!);
            Assert.Equal((long)model["parameters"]!, (long)row["parameters"]!);
            Assert.Equal((double?)all["gain"]!["interval95"]?[0], (double?)row["gain"]!["interval95"]!["low"]);
            Assert.Equal((double?)all["gain"]!["interval95"]?[1], (double?)row["gain"]!["interval95"]!["high"]);
        }
    }

    [Fact]
    public void Gains_print_a_table_and_say_where_rows_are_not_comparable()
    {
        string page = Page("gains");
        Assert.StartsWith($"Runs in {_measured.Runs}\n", page);
        Assert.Contains("Not comparable: these rows were not all measured with the same prompts.", Words(page));
        Assert.Matches("– sd of [^–]*: undefined, because n = 1 has no spread\\.", Words(page));
        Assert.Matches("– t, d of [^–]*: undefined, because n = 1 has no spread\\.", Words(page));
        Assert.DoesNotContain("Not comparable", Page("gains", _measured.Both));
        Assert.Contains(": even", Page("gains", _measured.Both, "--by", "category"));
        Assert.Equal(2, Json("gains", _measured.Both)["rows"]!.AsArray().Count);
        Assert.Equal(4, Json("gains", _measured.Both, "--by", "category")["rows"]!.AsArray().Count);
    }

    [Fact]
    public void Conventions_are_the_means_of_the_readings()
    {
        var model = Json("conventions", _measured.Both)["models"]![0]!;
        var cells = model["cells"]!.AsArray();
        Assert.Equal(54, cells.Count);
        var prompts = JsonNode.Parse(File.ReadAllText(Path.Combine(_measured.Runs, _measured.Both, "summary.json")))!["models"]![0]!["prompts"]!.AsArray();
        foreach (var cell in cells.Where(c => (string)c!["precision"]! == "float32"))
        {
            string point = (string)cell!["reference_point"]!, rule = (string)cell["position_rule"]!;
            double[] gains = [.. prompts.Select(p => (double)p!["figures"]!["last_gain"]![rule == "last" ? point : $"{point} {rule}"]!)];
            Assert.Equal(12, (int)cell["n"]!);
            Assert.Equal(gains.Average(), (double)cell["mean"]!, 1e-12);
        }
        var lastBlocks = prompts.Select(p => p!["figures"]!["blocks"]!.AsArray()[^1]!).ToList();
        foreach (string precision in new[] { "bfloat16", "float16" })
        {
            var cell = cells.First(c => ((string)c!["reference_point"]!, (string)c["position_rule"]!, (string)c["precision"]!) == ("block", "last", precision))!;
            Assert.Equal(lastBlocks.Average(b => (double)b[$"gain_last_{precision}_norms"]!), (double)cell["mean"]!, 1e-12);
        }
        var resolution = model["resolution"]!.AsArray().First(r => ((string)r!["reference_point"]!, (string)r["precision"]!) == ("block", "bfloat16"))!;
        double[] norms = [.. lastBlocks.Select(b => (double)b["norms_last"]!["resid_post"]!).Order()];
        Assert.Equal((norms[5] + norms[6]) / 2, (double)resolution["median_numerator"]!, 1e-12);
        Assert.Equal(6, model["resolution"]!.AsArray().Count);
    }

    [Fact]
    public void A_figure_finds_its_convention()
    {
        var cells = Json("conventions", _measured.Again)["models"]![0]!["cells"]!.AsArray();
        double penultimate = (double)cells.First(c => (string)c!["reference_point"]! == "penultimate" && (string)c["position_rule"]! == "last")!["mean"]!;
        string figure = penultimate.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);
        var model = Json("conventions", _measured.Again, "--published", figure)["models"]![0]!;
        Assert.True((bool)Assert.Single(model["cells"]!.AsArray(), c =>
            ((string)c!["reference_point"]!, (string)c["position_rule"]!, (string)c["precision"]!) == ("penultimate", "last", "float32"))!["rounds_to_it"]!);
        Assert.Contains($"{figure} was rounded to 4 decimals", Page("conventions", _measured.Again, "--published", figure));
        Assert.Contains("penultimate, last", Page("conventions", _measured.Again, "--published", figure));
        Assert.Contains("was rounded to 6 decimals", Page("conventions", _measured.Again, "--published", figure, "--decimals", "6"));
        Assert.Equal(
            Page("conventions", _measured.Again, "--published", figure),
            Page("conventions", _measured.Again, "--published", figure, "--decimals", "auto"));
    }

    [Fact]
    public void Compare_pairs_prompts_and_turns_with_its_arguments()
    {
        var there = Json("compare", _measured.Both, "--model", Gqa, "--model", Tied);
        var back = Json("compare", _measured.Both, _measured.Both, "--model", Tied, "--model", Gqa);
        Assert.Equal((12, 12), ((int)there["prompts"]!["pairs"]!, (int)there["prompts"]!["with_same_ids"]!));
        foreach (var (one, other) in there["figures"]!.AsArray().Zip(back["figures"]!.AsArray()))
        {
            Assert.Equal((double)one!["difference"]!["mean"]!, -(double)other!["difference"]!["mean"]!, 1e-12);
            Assert.Equal((double)one["t"]!["p"]!, (double)other["t"]!["p"]!, 1e-9);
        }
        Assert.Equal((string)there["first"]!["model"]!, (string)back["second"]!["model"]!);
    }

    [Fact]
    public void Compare_names_the_prompts_that_are_not_in_both()
    {
        string page = Words(Page("compare", _measured.Both, _measured.Again, "--model", Gqa, "--margin", "0.01"));
        Assert.Contains("4 prompts in both, by name and text; 7 only in A (q5, q6, q7, q8, q9, q10, q11); 1 of the same name with another text (q4).", page);
        Assert.Contains("every difference is 0", Words(Page("compare", _measured.Both, _measured.Again, "--model", Gqa)).Replace("all values are equal", "every difference is 0"));
    }

    [Theory]
    [InlineData("castalia: The run has 2 models: gqa, tied-bias-f32.", "BOTH", "AGAIN")]
    [InlineData("castalia: There is no model 'gpa' in the run.", "BOTH", "AGAIN", "--model", "gpa")]
    [InlineData("castalia: One run was named, with one model: gqa.", "AGAIN")]
    [InlineData("castalia: Both sides are the same model of the same run: every difference is 0.", "AGAIN", "AGAIN")]
    [InlineData("castalia: There is no run 'nothing'.", "AGAIN", "nothing")]
    public void What_cannot_be_compared_is_bad_input(string error, params string[] args)
    {
        var ran = Run(["compare", .. args.Select(a => a switch { "BOTH" => _measured.Both, "AGAIN" => _measured.Again, _ => a })]);
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.StartsWith(error, ran.Error);
        Assert.Contains("  to do: ", ran.Error);
    }

    [Theory]
    [InlineData("castalia: '0,8' is not a figure greater than 0.", "conventions", "--published", "0,8")]
    [InlineData("castalia: --decimals takes auto or a whole number from 0 to 12, not 'two'.", "conventions", "--published", "0.8", "--decimals", "two")]
    [InlineData("castalia: --decimals says how --published was rounded, which is not given.", "conventions", "--decimals", "2")]
    [InlineData("castalia: --by takes model, category, not 'modell'. Did you mean 'model'?", "gains", "--by", "modell")]
    [InlineData("castalia: --margin takes a number greater than 0, not '-1'.", "compare", "a", "b", "--margin", "-1")]
    public void What_was_typed_wrongly_is_said_so(string error, params string[] args)
    {
        var ran = Run(args);
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.StartsWith(error, ran.Error);
    }

    [Theory]
    [InlineData("gains")]
    [InlineData("conventions")]
    public void A_store_without_runs_is_told(string verb)
    {
        using var folder = new TemporaryFolder();
        var ran = CommandLineTests.Castalia([verb, "--runs", folder.Path]);
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.StartsWith("castalia: There are no runs in the folder.\n", ran.Error);
    }

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
