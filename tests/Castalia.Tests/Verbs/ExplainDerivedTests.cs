using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Store;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>explain with --reference, --bands and --directions.</summary>
public sealed class ExplainDerivedTests
{
    static readonly string[] s_all = ["--reference", "reference.jsonl", "--bands", "--directions", "d.safetensors"];

    [Fact]
    public void Every_split_adds_up_in_the_document_and_in_the_store()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "gpt_neox/pythia", ["--json", "--positions", "all", "--blocks", "all", .. s_all]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal((2, 6, 1), (root.GetProperty("reference").GetProperty("texts").GetInt32(), root.GetProperty("reference").GetProperty("positions").GetInt32(), root.GetProperty("reference").GetProperty("seed").GetInt32()));
        Assert.Equal(4, root.GetProperty("reference").GetProperty("blocks").GetArrayLength());
        Assert.True(root.GetProperty("bands").GetProperty("mean_free").GetBoolean());
        foreach (var block in root.GetProperty("prompts").EnumerateArray().SelectMany(prompt => prompt.GetProperty("blocks").EnumerateArray()))
        {
            double gain = block.GetProperty("gain_squared_minus_one").GetDouble();
            var derived = block.GetProperty("derived");
            var splits = derived.GetProperty("directions").EnumerateArray().ToList();
            Assert.Equal(["reference_mean", "reference_components", "mine"], splits.Select(split => split.GetProperty("set").GetString()));
            foreach (var split in splits.Append(derived.GetProperty("bands")))
            {
                double[] parts = Values(split, "parts");
                double outside = split.GetProperty("outside").GetDouble(), size = parts.Sum(Math.Abs) + Math.Abs(outside);
                Assert.InRange(parts.Sum() + outside - gain, -1e-9 * size, 1e-9 * size);
                Assert.Equal(1, Values(split, "before").Sum() + split.GetProperty("before_outside").GetDouble(), 12);
                Assert.Equal(1, Values(split, "after").Sum() + split.GetProperty("after_outside").GetDouble(), 12);
            }
            Assert.Equal(20, derived.GetProperty("bands").GetProperty("parts").GetArrayLength());
            Assert.Equal([1, 3, 10], derived.GetProperty("gain_without").EnumerateArray().Select(one => one.GetProperty("coordinates").GetInt32()));
        }

        using var store = RunStore.Open(Path.Combine(folder.Path, "runs"), TestContext.Current.CancellationToken);
        var sums = store.Query("""
            SELECT s.split, sum(s.value) / any_value(CASE WHEN s.split IN ('bands', 'directions') THEN b.value ELSE 1 END)
            FROM attribution s JOIN attribution b USING (prompt_index, layer, position)
            WHERE s.split SIMILAR TO '(bands|directions).*' AND b.split = 'block' AND b.part = 'gain_squared_minus_one'
            GROUP BY s.split, s.part, s.prompt_index, s.layer, s.position
            """, TestContext.Current.CancellationToken).Rows;
        Assert.Equal(3 * 4 * 4 * 5, sums.Count); // A, before and after; bands and three sets; blocks; tokens
        Assert.All(sums, row => Assert.Equal(1, (double)row[1]!, 1e-8));
        var reference = store.Query("SELECT part, count(*) FROM attribution WHERE split = 'reference' AND prompt IS NULL AND position IS NULL GROUP BY part ORDER BY part", TestContext.Current.CancellationToken).Rows;
        Assert.Equal(
            ["component_share 20", "kurtosis_after 4", "kurtosis_before 4", "mean_share_after 4", "mean_share_before 4", "positions 4", "ranked_coordinate 40"],
            reference.Select(row => $"{row[0]} {row[1]}"));
        using var manifest = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(Path.Combine(folder.Path, "runs"), "manifest.json", SearchOption.AllDirectories)[0]));
        var from = manifest.RootElement.GetProperty("derived");
        Assert.Equal(100, from.GetProperty("reference").GetProperty("random_sets").GetInt32());
        Assert.Equal(64, from.GetProperty("directions").GetProperty("sha256").GetString()!.Length);
    }

    [Fact]
    public void The_page_has_a_section_of_each_or_says_what_would_add_it()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "olmo/olmo", s_all);
        Assert.True(code == 0, error);
        string words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Beside reference texts", words, StringComparison.Ordinal);
        Assert.Contains("reference.jsonl: 2 texts, 6 positions, all but the first of each.", words, StringComparison.Ordinal);
        Assert.Contains("By bands of the unembedding", words, StringComparison.Ordinal);
        Assert.Contains("The final norm has no weight: γ is 1.", words, StringComparison.Ordinal);
        Assert.Contains("Along the directions given", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Not read here", words, StringComparison.Ordinal);
        Assert.All(output.Split('\n').SkipWhile(line => line != "Beside reference texts"), line => Assert.InRange(line.Length, 0, 80));
        (code, output, error) = Explain(folder, "olmo/olmo");
        Assert.True(code == 0, error);
        Assert.Contains("Not read here: --reference running-24", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The reference texts hold one of the prompts: text 1 is prompt 1, and would be compared with itself.", "--reference", "p.jsonl")]
    [InlineData("The directions of tensor 'mine' are 64 wide; the model's stream, d_model, is 48.", "--directions", "d.safetensors")]
    [InlineData("--orthonormalise is of the rows of --directions, which is not given.", "--orthonormalise")]
    public void What_cannot_be_used_is_refused_and_nothing_is_written(string refusal, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "gemma2/gemma2", options);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(refusal, string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    static double[] Values(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    static (int Code, string Output, string Error) Explain(TemporaryFolder folder, string @case, params string[] options)
    {
        string prompts = folder.Write("p.jsonl", """
            {"category": "a", "ids": [5, 6, 7]}
            {"ids": [8, 9]}
            """);
        folder.Write("reference.jsonl", """
            {"ids": [1, 2, 3, 4, 5]}
            {"ids": [9, 8, 7]}
            """);
        using (var writer = SafetensorsWriter.Create(Path.Combine(folder.Path, "d.safetensors"), [new("mine", DType.F32, [2, 64])], null))
        {
            float[] rows = new float[128];
            (rows[3], rows[64 + 5]) = (1, 1);
            writer.Write("mine", 0, rows);
            writer.Complete();
        }
        string[] files = [.. options.Select(option => File.Exists(Path.Combine(folder.Path, option)) ? Path.Combine(folder.Path, option) : option)];
        return CommandLineTests.Castalia(
            ["explain", Golden.Load(@case).Checkpoint, "--prompts", prompts, "--out", Path.Combine(folder.Path, "runs"), .. files], ("XDG_CACHE_HOME", Path.Combine(folder.Path, "cache")));
    }
}
