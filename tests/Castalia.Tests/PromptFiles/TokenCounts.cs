using Castalia.Prompts;
using Castalia.Tokens;
using MathNet.Numerics.Distributions;

namespace Castalia.Tests.PromptFiles;

/// <summary>How many tokens prompts are, under real tokenizers.</summary>
static class TokenCounts
{
    public const string SmolLM2 = "checkpoints/smollm2-135m/tokenizer.json";
    public const string Gpt2 = "tokenizers/gpt2/tokenizer.json";
    public const string Pythia = "tokenizers/pythia/tokenizer.json";
    public const string Mistral = "tokenizers/mistral/tokenizer.model";

    /// <summary>Tokens of each prompt by its name, nothing added; skips the test where the tokenizer is absent.</summary>
    public static IReadOnlyDictionary<string, int> Of(IReadOnlyList<Prompt> prompts, string tokenizer)
    {
        string path = Shared.Path(["real", .. tokenizer.Split('/')]);
        return Tokenization.Of(prompts, TokenizerFile.Open(path), BosPolicy.None, path).ToDictionary(p => p.Prompt.Name, p => p.Ids.Count);
    }

    /// <summary>Kruskal and Wallis's test with mid-ranks and their correction for ties, by the χ² distribution.</summary>
    public static double KruskalWallisP(IReadOnlyList<IReadOnlyList<int>> groups)
    {
        int[] all = [.. groups.SelectMany(group => group)];
        double n = all.Length;
        double between = groups.Sum(group => Math.Pow(group.Sum(MidRank), 2) / group.Count);
        double ties = all.GroupBy(value => value).Sum(same => Math.Pow(same.Count(), 3) - same.Count());
        double h = (12 / (n * (n + 1)) * between - 3 * (n + 1)) / (1 - ties / (n * n * n - n));
        return 1 - ChiSquared.CDF(groups.Count - 1, h);

        double MidRank(int value) => all.Count(other => other < value) + (all.Count(other => other == value) + 1) / 2.0;
    }
}
