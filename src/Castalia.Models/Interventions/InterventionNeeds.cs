using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>What interventions take of memory beside the clean pass, bytes.</summary>
/// <remarks>
/// While a portion is computed: its stream, rows · d_model float32 values in chunks with room for whole panels, and for each variant its readings. Everything
/// else is that of one chunk of 512 tokens, as in the clean pass; keys, values and sites of the clean prompts in one block; and up to 64 MiB of their logits.
/// Kept from the clean pass: the stream in each block that interventions begin in.
/// </remarks>
public static class InterventionNeeds
{
    const int ReadingBytes = 300;
    const long CleanLogits = 64L << 20;

    /// <summary>A variant of a portion.</summary>
    /// <param name="a">The model.</param>
    /// <param name="rows">Positions it computes.</param>
    public static long OfVariant(Architecture a, int rows) => 5L * rows * a.DModel + sizeof(double) * (long)a.NLayers + ReadingBytes;

    /// <summary>Of a run.</summary>
    /// <param name="a">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What is done.</param>
    public static long Of(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, InterventionOptions options)
    {
        long tokens = prompts.Sum(prompt => (long)prompt.Ids.Count);
        long starts = Enumerable.Range(0, a.NLayers).Count(block => options.Entries.Any(entry => entry.Pattern.Changes.Any(change => change.Blocks.Has(block, a.NLayers))));
        long sites = 2 * tokens * Math.Max(a.DFf, a.DModel), keys = 2L * tokens * a.NKvHeads * a.HeadDim;
        return options.MostBytes + sizeof(float) * (starts * tokens * a.DModel + sites + keys) + CleanLogits;
    }
}
