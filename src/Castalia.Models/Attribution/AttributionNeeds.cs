using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>What an attribution takes of memory beside the pass, bytes.</summary>
/// <remarks>
/// Kept for each prompt, block and position: every head, the largest neurons and dimensions or all of them, of the last position every head and
/// source. While a block is attributed: for up to 64 tokens float64 vectors of each width, and of the widest inner one eight times, a stripe of
/// rows each. Nothing grows with heads or neurons times tokens but what is kept.
/// </remarks>
public static class AttributionNeeds
{
    const int Stripes = 8, MostTokens = 64, RecordBytes = 400, PartBytes = 16, ArrayBytes = 32;

    /// <summary>Of a run.</summary>
    public static long Of(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, AttributionOptions options)
    {
        long experts = a.Mixture?.Experts ?? 1, neurons = experts * a.DFf, blocks = options.Blocks.Count(a.NLayers), tokens = prompts.Sum(prompt => (long)prompt.Ids.Count);
        long positions = options.AllPositions ? tokens : prompts.Count, listed = 2L * AttributionOptions.MostListed * PartBytes;
        long ofPosition = RecordBytes + sizeof(double) * ((long)a.NHeads + (options.AllParts ? neurons + a.DModel : 0)) + listed;
        long sources = prompts.Sum(prompt =>
            a.NHeads * (ArrayBytes + sizeof(double) * (options.AllPositions && options.AllParts ? (prompt.Ids.Count + 1L) * prompt.Ids.Count / 2 : prompt.Ids.Count)));
        long inner = Math.Max((long)a.NHeads * a.HeadDim, a.DFf), batch = Math.Min(MostTokens, positions);
        long scratch = batch * sizeof(double) * (9L * a.DModel + (Stripes + 4) * inner + neurons);
        long means = sizeof(double) * (6 * neurons + 3L * a.NHeads + (long)a.NHeads * a.HeadDim), sums = 4 * sizeof(long) * (2 * neurons + 2L * a.NHeads + (long)a.NHeads * a.HeadDim);
        return blocks * (positions * ofPosition + sources + means) + sums + scratch;
    }
}
