using System.Text;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Analyses;

/// <summary>Shares the runs between the classes that read them.</summary>
[CollectionDefinition(nameof(MeasuredRuns))]
public sealed class OverMeasuredRuns : ICollectionFixture<MeasuredRuns>;

/// <summary>A folder of runs that the real command measured from small checkpoints of random weights, made once.</summary>
public sealed class MeasuredRuns : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MeasuredRuns()
    {
        Directory.CreateDirectory(Runs);
        string prompts = _folder.Write("prompts.jsonl", Lines(["plain", "odd", "long"], 24, i => 3 + i % 6 + (i % 3 == 2 ? 6 : 0)));
        string texts = _folder.Write("texts.jsonl", Lines([null], 6, i => 30 + i));
        string one = _folder.Write("one.jsonl", Lines([null], 1, _ => 5));
        Prompts = Measure("llama/gqa", prompts);
        Texts = Measure("llama/gqa", texts, "--positions", "all");
        One = Measure("llama/gqa", one);
        Other = Measure("gpt_neox/pythia", prompts);
        Third = Measure("gpt_neox/fp16-sharded", prompts);
    }

    /// <summary>The folder of runs.</summary>
    public string Runs => Path.Combine(_folder.Path, "runs");

    /// <summary>Llama, 24 short prompts in three categories, last tokens.</summary>
    public string Prompts { get; }

    /// <summary>The same Llama, six texts without categories, every position.</summary>
    public string Texts { get; }

    /// <summary>The same Llama, one prompt.</summary>
    public string One { get; }

    /// <summary>A Pythia, the 24 prompts.</summary>
    public string Other { get; }

    /// <summary>A wider and deeper NeoX, the 24 prompts.</summary>
    public string Third { get; }

    /// <summary>Measures a checkpoint; the name of the run folder.</summary>
    string Measure(string checkpoint, string prompts, params string[] more) =>
        Measure(Path.Combine(Shared.Repository, "tests", "golden", "models", checkpoint), prompts, Runs, more);

    internal static string Measure(string checkpoint, string prompts, string runs, string[] more)
    {
        string[] before = Directory.Exists(runs) ? Directory.GetDirectories(runs) : [];
        var (code, _, error) = CommandLineTests.Castalia(["measure", checkpoint, "--prompts", prompts, "--out", runs, .. more]);
        Assert.True(code == 0, error);
        return Path.GetFileName(Assert.Single(Directory.GetDirectories(runs).Except(before)));
    }

    /// <summary>Prompts of ids below 40, by a rule that repeats none.</summary>
    static string Lines(string?[] categories, int count, Func<int, int> length)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            string ids = string.Join(", ", Enumerable.Range(0, length(i)).Select(t => (7 * i + 11 * t + i * t * t + count) % 40));
            string category = categories[i % categories.Length] is { } name ? $", \"category\": \"{name}\"" : "";
            text.Append($"{{\"name\": \"{count}-{i}\", \"ids\": [{ids}]{category}}}\n");
        }
        return text.ToString();
    }

    public void Dispose() => _folder.Dispose();
}
