using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>What a run folder takes on the disk; bytes. The figures per row, prompt and block are measured, not derived.</summary>
static class RunBytes
{
    const long OfManifest = 20_000, OfPrompt = 230, OfToken = 22, OfPromptAndBlock = 1600, OfRuleRow = 90, OfPositionRow = 150;

    /// <summary>Rows of the readings.</summary>
    public static long Rows(Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions) =>
        RuleRows(architecture, prompts) + (allPositions ? architecture.NLayers * Tokens(prompts) : 0);

    /// <summary>Bytes for one model of a run.</summary>
    public static long Of(Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions) =>
        OfManifest + prompts.Count * OfPrompt + Tokens(prompts) * OfToken + (long)architecture.NLayers * prompts.Count * OfPromptAndBlock
        + RuleRows(architecture, prompts) * OfRuleRow + (allPositions ? architecture.NLayers * Tokens(prompts) * OfPositionRow : 0);

    static long RuleRows(Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts) => (long)architecture.NLayers * GoldenNames.Rules.Count * prompts.Count;

    static long Tokens(IReadOnlyList<TokenizedPrompt> prompts) => prompts.Sum(p => (long)p.Ids.Count);
}
