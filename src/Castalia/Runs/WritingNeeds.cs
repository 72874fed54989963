using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>What writing a run folder takes of memory beside the readings themselves.</summary>
/// <remarks>
/// The rows that are held at a time, the summary of every prompt and block, and the objects that the collector lets lie meanwhile. The figures per
/// row and block are measured, not derived: with them the needs lie within a quarter of what Linux counted (VmHWM) for 25 to 2,000 prompts of
/// 10 to 2,048 tokens, of the last position and of all, on networks of 20 million to 1.4 billion parameters.
/// </remarks>
/// <param name="Rows">Rows on their way into a table, and the objects that the collector lets lie meanwhile.</param>
/// <param name="Documents">Manifest and summary, which are made as a whole.</param>
readonly record struct WritingNeeds(long Rows, long Documents)
{
    const long RowBytes = 1600, SummaryBytes = 6200, PromptBytes = 1500, IdBytes = 120, GarbagePerRow = 8 << 10, MostGarbage = 100L << 20;

    /// <summary>Bytes, where all is written at the end.</summary>
    public long Total => Rows + Documents;

    /// <summary>For one model of a run.</summary>
    /// <param name="architecture">Its description.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="allPositions">Whether every position has rows.</param>
    public static WritingNeeds Of(Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions)
    {
        long tokens = prompts.Sum(p => (long)p.Ids.Count);
        long rows = architecture.NLayers * (GoldenNames.Rules.Count * (long)prompts.Count + (allPositions ? tokens : 0));
        return new(
            Math.Min(MostGarbage, rows * GarbagePerRow) + Math.Min(rows, TableFile.MostHeld) * RowBytes,
            Summary.Blocks(architecture.NLayers, prompts.Count) * SummaryBytes + Math.Min(prompts.Count, Summary.MostPrompts) * PromptBytes + tokens * IdBytes);
    }
}
