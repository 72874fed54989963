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

    /// <summary>Of what is derived beside the parts: reference texts, whose stream and kept rows are there before the prompts' pass, and a basis of the stream.</summary>
    /// <param name="a">The model.</param>
    /// <param name="prompts">Prompts.</param>
    /// <param name="reference">Reference texts; null for none.</param>
    /// <param name="options">What is attributed.</param>
    /// <param name="directions">Directions in all: d_model for bands, and those that were given.</param>
    public static long OfDerived(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, ReferenceTexts? reference, AttributionOptions options, long directions)
    {
        const int vectors = 9, rows = 3; // of a block; stream, kept rows and these once more while components are found
        long positions = options.AllPositions ? prompts.Sum(prompt => (long)prompt.Ids.Count) : prompts.Count, blocks = options.Blocks.Count(a.NLayers);
        long ofReference = reference is null ? 0 : (long)reference.Positions * a.DModel * rows * sizeof(float) + blocks * a.DModel * vectors * sizeof(double);
        return ofReference + sizeof(double) * (directions * a.DModel + positions * blocks * 3 * (Math.Min(directions, UnembeddingBands.Count) + directions / a.DModel + 16));
    }
}
