using Castalia.Analyses;
using Castalia.Prompts;

namespace Castalia.Tests.Analyses;

/// <summary>Models of stored runs whose figures are given.</summary>
static class InMemoryRuns
{
    public static MeasuredModel Model(string name, double?[] gains, string run = "run-1", string prompts = "00112233", string bos = "none",
        string activation = "config", double[]? entropies = null, long seed = 1, int vocabulary = 100, string? weights = null) => new()
        {
            Settings = new(run, "prompts.jsonl", bos, activation, seed, "castalia 0.1.0"),
            Name = name,
            Blocks = 4,
            Parameters = 1_234_567,
            Vocabulary = vocabulary,
            Activation = "Silu",
            PromptsSha256 = prompts,
            Identity = new(weights ?? $"weights of {name}", "arithmetic", Castalia.Store.IdentityBasis.Tensors),
            Label = name,
            Prompts = [.. gains.Select((g, i) => Prompt($"p{i + 1}", g, entropies?[i] ?? i + 1) with { Category = i % 2 == 0 ? "even" : "odd" })],
        };

    public static MeasuredPrompt Prompt(string name, double? gain, double entropy = 1, string? text = "text", params int[] ids) => new()
    {
        Name = name,
        Text = text is null ? null : $"{text} {name}",
        Ids = ids.Length > 0 ? ids : [1, 2, 3],
        Gain = gain,
        Entropy = entropy,
        AlignAttn = gain * 0.5 - 0.4,
        AlignMlp = entropy * -0.01,
    };
}
