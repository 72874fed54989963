using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>How a measurement keeps to the memory it has: in which portions prompts are taken, and whether readings are set down in a file.</summary>
/// <param name="PortionTokens">Tokens of a portion.</param>
/// <param name="SetDown">Whether readings of all prompts have no room.</param>
/// <param name="Needs">What it takes then; more than there is where nothing helps.</param>
sealed record MeasuringPlan(int PortionTokens, bool SetDown, MemoryNeeds Needs)
{
    /// <summary>The first plan that fits, of those in order of what they cost: larger portions before smaller ones, readings in memory before a file.</summary>
    /// <param name="weights">The weights, found.</param>
    /// <param name="prompts">The prompts with their ids.</param>
    /// <param name="tokenizer">The tokenizer; null for none.</param>
    /// <param name="options">What is read.</param>
    /// <param name="memory">Bytes there are.</param>
    /// <param name="mayWrite">Whether rows, and readings that have no room, may be written meanwhile.</param>
    public static MeasuringPlan Of(WeightMap weights, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options, long memory, bool mayWrite)
    {
        int longest = prompts.Max(prompt => prompt.Ids.Count);
        MeasuringPlan? plan = null;
        for (int tokens = options.PortionTokens; ; tokens = Math.Max(longest, tokens / 2))
        {
            foreach (bool setDown in mayWrite ? new[] { false, true } : [false])
            {
                plan = Take(tokens, setDown);
                if (plan.Needs.Total <= memory) return plan;
            }
            if (tokens <= longest) return plan!;
        }

        MeasuringPlan Take(int tokens, bool setDown)
        {
            var needs = MemoryNeeds.Of(weights, prompts, tokenizer, options with { PortionTokens = tokens }, setDown);
            var writing = WritingNeeds.Of(weights.Architecture, prompts, options.AllPositions);
            bool isMeanwhile = mayWrite && Portions.Of(prompts, tokens).Count > 1;
            return new(tokens, setDown, needs with { Writing = writing.Total, Meanwhile = isMeanwhile ? writing.Rows : 0 });
        }
    }
}
