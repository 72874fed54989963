using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>One intervention on one prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Index">The intervention.</param>
/// <param name="Intervention">The same.</param>
/// <param name="Start">First block in which anything is changed; the last where nothing is.</param>
/// <param name="First">First position that has a row: what comes before is the clean pass's.</param>
sealed record Variant(int Prompt, int Index, Intervention Intervention, int Start, int First)
{
    /// <summary>Of an intervention on a prompt.</summary>
    /// <param name="a">The model.</param>
    /// <param name="prompt">Index of the prompt.</param>
    /// <param name="tokens">The prompt's tokens.</param>
    /// <param name="index">Index of the intervention.</param>
    /// <param name="intervention">The intervention.</param>
    /// <param name="allPositions">Whether predictions are read at every position instead of the last.</param>
    public static Variant Of(Architecture a, int prompt, int tokens, int index, Intervention intervention, bool allPositions)
    {
        int start = intervention.Changes.Min(change => (int?)FirstBlock(change, a.NLayers)) ?? a.NLayers - 1;
        int first = intervention.Changes.Min(change => (int?)change.Positions.First(tokens)) ?? tokens - 1;
        // In the last block positions meet in attention alone, and only the last is read.
        bool changesWhatAttentionReads = intervention.Changes.Any(change => change.Site is null or ResidualSite.Pre);
        if (start == a.NLayers - 1 && !allPositions && !changesWhatAttentionReads) first = tokens - 1;
        // Weights without some positions need the scores of all.
        if (intervention.Changes.Any(change => change.Deed is Deed.Mask)) first = 0;
        return new(prompt, index, intervention, start, first);
    }

    /// <summary>Rows it has.</summary>
    public int Rows(IReadOnlyList<TokenizedPrompt> prompts) => prompts[Prompt].Ids.Count - First;

    /// <summary>Prompts whose clean pass it looks at.</summary>
    public IEnumerable<int> Sources(PatchSources sources) => Intervention.Changes.Select(change => sources.Of(change.Deed, Prompt)).OfType<int>().Append(Prompt);

    static int FirstBlock(Change change, int nLayers)
    {
        int block = 0;
        while (!change.Blocks.Has(block, nLayers)) block++;
        return block;
    }
}
