using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>What interventions take of memory beside the clean pass, bytes.</summary>
/// <remarks>
/// While a portion is computed: its stream, rows · d_model float32 values in chunks with room for whole panels, and for each variant its readings. Everything
/// else is that of one chunk of 512 tokens, as in the clean pass; keys, values and sites of the clean prompts in one block; and up to 64 MiB of their logits.
/// Kept from the clean pass: the stream in each block that interventions begin in.
/// </remarks>
static class InterventionNeeds
{
    const int ReadingBytes = 300;
    const long CleanLogits = 64L << 20;

    /// <summary>A variant of a portion.</summary>
    /// <param name="a">The model.</param>
    /// <param name="rows">Positions it computes.</param>
    public static long OfVariant(Architecture a, int rows) => 5L * rows * a.DModel + sizeof(double) * (long)a.NLayers + ReadingBytes;

    /// <summary>All variants of an entry; a neuron of the last block by itself as a pass of its last position, which it may not need.</summary>
    static long OfEntry(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, InterventionEntry entry)
    {
        long count = 1;
        if (entry.Units is { } units)
        {
            long each = units.Interventions(units.Kinds.Sum(kind => kind switch { UnitKind.Head => a.NHeads, UnitKind.Neuron => a.DFf, _ => a.DModel }));
            count = each * entry.Pattern.Changes[0].Blocks.Count(a.NLayers);
        }
        return prompts.Sum(prompt => count * OfVariant(a, Variant.Of(a, 0, prompt.Ids.Count, 0, entry.Pattern, allPositions: false).Rows([prompt])) + OfVariant(a, prompt.Ids.Count));
    }

    /// <summary>Of a run.</summary>
    /// <param name="a">The model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What is done.</param>
    public static long Of(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, InterventionOptions options)
    {
        long tokens = prompts.Sum(prompt => (long)prompt.Ids.Count);
        long starts = Enumerable.Range(0, a.NLayers).Count(block => options.Entries.Any(entry => entry.Pattern.Changes.Any(change => change.Blocks.Has(block, a.NLayers))));
        long sites = 2 * tokens * Math.Max(a.DFf, a.DModel), keys = 2L * tokens * a.NKvHeads * a.HeadDim;
        return Math.Min(options.MostBytes, options.Entries.Sum(entry => OfEntry(a, prompts, entry))) + sizeof(float) * (starts * tokens * a.DModel + sites + keys) + CleanLogits;
    }
}
