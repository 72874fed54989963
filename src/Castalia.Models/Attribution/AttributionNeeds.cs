using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>What an attribution takes of memory beside the pass, bytes.</summary>
/// <remarks>
/// Kept for each prompt, block and position: every head, the largest neurons and dimensions or all of them, of the last position every head and
/// source. While a block is attributed: for up to 64 tokens float64 vectors of each width, and of the widest inner one eight times, a stripe of
/// rows each. Nothing grows with heads or neurons times tokens but what is kept.
/// </remarks>
static class AttributionNeeds
{
    const int MostInChunk = 512, Stripes = 8, MostTokens = 64, RecordBytes = 400, PartBytes = 16, ArrayBytes = 32;

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
    /// <param name="given">Directions that were given, of all sets.</param>
    /// <param name="hasBands">Whether there are bands: directions as many as the stream is wide.</param>
    public static long OfDerived(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, ReferenceTexts? reference, AttributionOptions options, long given, bool hasBands)
    {
        const int vectors = 9, rows = 3, records = 60; // of a block; stream, kept rows and these once more while components are found; of a position, for what has no length of its own
        long positions = options.AllPositions ? prompts.Sum(prompt => (long)prompt.Ids.Count) : prompts.Count, blocks = options.Blocks.Count(a.NLayers);
        long ofReference = reference is null ? 0
            : sizeof(float) * ((long)reference.Positions * a.DModel * rows + Chunk(reference) * Sites(a)) + blocks * a.DModel * vectors * sizeof(double);
        long kept = 3 * (given + (hasBands ? UnembeddingBands.Count : 0)) + records; // parts, shares before and after
        return ofReference + sizeof(double) * ((given + (hasBands ? a.DModel : 0)) * a.DModel + positions * blocks * kept);
    }

    /// <summary>Tokens of the reference that go through a block together.</summary>
    static long Chunk(ReferenceTexts reference) => Math.Max(reference.Texts.Max(text => text.Ids.Count), Math.Min(MostInChunk, reference.Texts.Sum(text => text.Ids.Count)));

    /// <summary>Values that a token leaves at the sites of a block.</summary>
    static long Sites(Architecture a) => 12L * a.DModel + 3L * a.NHeads * a.HeadDim + 4L * a.NKvHeads * a.HeadDim + 3L * a.DFf;
}
