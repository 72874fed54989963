using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>What writing a run folder takes of memory beside the readings themselves.</summary>
/// <remarks>
/// The rows that are held at a time, the summary of every prompt and block, and the objects that the collector lets lie meanwhile. The figures per
/// row and block are measured, not derived: with them the needs lie within a quarter of what Linux counted (VmHWM) for 25 to 2,000 prompts of
/// 10 to 2,048 tokens, of the last position and of all, on networks of 20 million to 1.4 billion parameters.
/// </remarks>
static class WritingNeeds
{
    const long RowBytes = 350, SummaryBytes = 6200, GarbagePerRow = 8 << 10, MostGarbage = 160L << 20;

    /// <summary>Bytes for one model of a run.</summary>
    /// <param name="architecture">Its description.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="allPositions">Whether every position has rows.</param>
    public static long Of(Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions)
    {
        long positions = allPositions ? prompts.Sum(p => (long)p.Ids.Count) : 0;
        long rows = architecture.NLayers * (GoldenNames.Rules.Count * (long)prompts.Count + positions);
        return Math.Min(MostGarbage, rows * GarbagePerRow) + Math.Min(rows, TableFile.MostHeld) * RowBytes
            + (long)architecture.NLayers * prompts.Count * SummaryBytes;
    }
}
