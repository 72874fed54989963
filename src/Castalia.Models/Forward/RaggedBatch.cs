using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>Consecutive prompts that go through a block together.</summary>
/// <param name="FirstPrompt">Index of the first.</param>
/// <param name="Prompts">How many.</param>
/// <param name="FirstToken">Row of its first token in the batch.</param>
/// <param name="Tokens">Tokens in all.</param>
readonly record struct Chunk(int FirstPrompt, int Prompts, int FirstToken, int Tokens);

/// <summary>All prompts one after the other, without padding.</summary>
sealed class RaggedBatch
{
    /// <summary>Whole prompts are put together up to this many tokens; a longer prompt goes alone.</summary>
    const int ChunkTokens = 512;

    public RaggedBatch(IReadOnlyList<TokenizedPrompt> prompts)
    {
        Prompts = prompts;
        Starts = new int[prompts.Count + 1];
        for (int p = 0; p < prompts.Count; p++) Starts[p + 1] = checked(Starts[p] + prompts[p].Ids.Count);
        Chunks = [.. Split()];
    }

    /// <summary>The prompts.</summary>
    public IReadOnlyList<TokenizedPrompt> Prompts { get; }

    /// <summary>Row of each prompt's first token; one more entry for the end.</summary>
    public int[] Starts { get; }

    /// <summary>Tokens in all.</summary>
    public int Tokens => Starts[^1];

    /// <summary>Longest prompt, tokens.</summary>
    public int Longest => Prompts.Max(p => p.Ids.Count);

    /// <summary>The pieces the batch is taken in.</summary>
    public IReadOnlyList<Chunk> Chunks { get; }

    /// <summary>Prompt and position of a row.</summary>
    public (int Prompt, int Position) At(int row)
    {
        int found = Array.BinarySearch(Starts, row);
        int prompt = found >= 0 ? found : ~found - 1;
        return (prompt, row - Starts[prompt]);
    }

    /// <summary>Index of the chunk that holds a row.</summary>
    public int ChunkOf(int row)
    {
        int low = 0, high = Chunks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Chunks[middle].FirstToken <= row) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    IEnumerable<Chunk> Split()
    {
        for (int first = 0; first < Prompts.Count;)
        {
            int end = first + 1;
            while (end < Prompts.Count && Starts[end + 1] - Starts[first] <= ChunkTokens) end++;
            yield return new Chunk(first, end - first, Starts[first], Starts[end] - Starts[first]);
            first = end;
        }
    }
}
