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
        : this(prompts, new int[prompts.Count], [.. Enumerable.Range(0, prompts.Count)], _ => false)
    {
    }

    /// <summary>Entries of which some have rows for their later positions only, the others being those of another entry.</summary>
    /// <param name="prompts">The prompt of each entry.</param>
    /// <param name="firsts">The first position of each that has a row.</param>
    /// <param name="origins">Whose keys and values each has before that position: an earlier entry of the same prompt, or itself.</param>
    /// <param name="breaks">Whether a chunk must begin with an entry.</param>
    public RaggedBatch(IReadOnlyList<TokenizedPrompt> prompts, int[] firsts, int[] origins, Func<int, bool> breaks)
    {
        (Prompts, Firsts, Origins) = (prompts, firsts, origins);
        Starts = new int[prompts.Count + 1];
        for (int p = 0; p < prompts.Count; p++) Starts[p + 1] = checked(Starts[p] + prompts[p].Ids.Count - firsts[p]);
        for (int p = 0; p < prompts.Count; p++)
            if (firsts[p] > 0) Shared.Add(origins[p]);
        Chunks = [.. Split(breaks)];
        foreach (var chunk in Chunks)
            for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
                if (firsts[p] > 0 && origins[p] >= chunk.FirstPrompt) throw new ArgumentException("Keys and values come from another chunk.", nameof(origins));
    }

    /// <summary>The prompts.</summary>
    public IReadOnlyList<TokenizedPrompt> Prompts { get; }

    /// <summary>Row of each prompt's first token; one more entry for the end.</summary>
    public int[] Starts { get; }

    /// <summary>First position of each prompt that has a row: 0, but for those that share what comes before with another.</summary>
    public int[] Firsts { get; }

    /// <summary>Whose keys and values a prompt has before its first position; itself where that is 0.</summary>
    public int[] Origins { get; }

    /// <summary>Those whose keys and values others have too.</summary>
    public HashSet<int> Shared { get; } = [];

    /// <summary>Tokens in all that have a row.</summary>
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
        return (prompt, row - Starts[prompt] + Firsts[prompt]);
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

    IEnumerable<Chunk> Split(Func<int, bool> breaks)
    {
        for (int first = 0; first < Prompts.Count;)
        {
            int end = first + 1;
            while (end < Prompts.Count && Starts[end + 1] - Starts[first] <= ChunkTokens && !breaks(end)) end++;
            yield return new Chunk(first, end - first, Starts[first], Starts[end] - Starts[first]);
            first = end;
        }
    }
}
