using Castalia.Kernels;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>Consecutive tokens of one prompt.</summary>
/// <param name="Prompt">Index in the batch.</param>
/// <param name="Tokens">Tokens of the whole prompt.</param>
/// <param name="FirstToken">Row of the prompt's first token in the chunk; below 0 where that has no row.</param>
/// <param name="FirstRow">First position that has a row; what comes before is another's.</param>
/// <param name="FirstKey">Tokens the prompts of the chunk before it have, with a row or not.</param>
/// <param name="FirstPanel">Panels of 16 tokens the prompts of the chunk before it take.</param>
/// <param name="Position">Position of the first.</param>
/// <param name="Count">How many.</param>
readonly record struct Stretch(int Prompt, int Tokens, int FirstToken, int FirstRow, int FirstKey, int FirstPanel, int Position, int Count);

/// <summary>What one thread attends with at a time: some queries of one prompt in some heads.</summary>
/// <param name="Queries">The queries.</param>
/// <param name="KvHead">First key/value head.</param>
/// <param name="KvHeads">How many.</param>
readonly record struct AttentionPiece(Stretch Queries, int KvHead, int KvHeads);

/// <summary>How the attention of a chunk is shared out; the same in every block.</summary>
sealed class AttentionPlan
{
    const int TokensPerStretch = 64;            // a multiple of the panels that keys are laid out in
    const int QueriesPerPiece = 8 * Attention.QueryTile;
    const int PairsPerPiece = 1024;             // query and key; below it a piece takes several heads

    /// <param name="batch">Where the prompts lie.</param>
    /// <param name="chunk">The tokens.</param>
    /// <param name="nKvHeads">Key/value heads.</param>
    public AttentionPlan(RaggedBatch batch, Chunk chunk, int nKvHeads)
    {
        (Batch, Chunk) = (batch, chunk);
        var stretches = new List<Stretch>();
        var pieces = new List<AttentionPiece>();
        int panel = 0, key = 0;
        for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
        {
            int tokens = batch.Prompts[p].Ids.Count, firstRow = batch.Firsts[p];
            var whole = new Stretch(p, tokens, batch.Starts[p] - firstRow - chunk.FirstToken, firstRow, key, panel, 0, tokens);
            stretches.AddRange(Cut(whole, TokensPerStretch));
            int heads = (int)Math.Clamp(PairsPerPiece / ((long)tokens * tokens), 1, nKvHeads);
            foreach (var queries in Cut(whole with { Position = firstRow, Count = tokens - firstRow }, QueriesPerPiece))
                for (int head = 0; head < nKvHeads; head += heads) pieces.Add(new(queries, head, Math.Min(heads, nKvHeads - head)));
            panel += PackedHead.PanelsOf(tokens);
            key += tokens;
        }
        (Stretches, Panels, Keys) = (stretches, panel, key);
        // Later queries see more keys. The largest pieces come first, so that no thread is left with one at the end.
        Pieces = [.. pieces.OrderByDescending(piece => (long)piece.Queries.Count * (piece.Queries.Position + piece.Queries.Count))];
    }

    /// <summary>Where the prompts lie.</summary>
    public RaggedBatch Batch { get; }

    /// <summary>The tokens.</summary>
    public Chunk Chunk { get; }

    /// <summary>Tokens of the prompts, with a row or not.</summary>
    public int Keys { get; }

    /// <summary>Panels of 16 tokens the keys of a head take in all prompts.</summary>
    public int Panels { get; }

    /// <summary>Every token once.</summary>
    public IReadOnlyList<Stretch> Stretches { get; }

    /// <summary>Every query and head once, by decreasing number of keys.</summary>
    public IReadOnlyList<AttentionPiece> Pieces { get; }

    static IEnumerable<Stretch> Cut(Stretch whole, int length)
    {
        for (int at = 0; at < whole.Count; at += length)
            yield return whole with { Position = whole.Position + at, Count = Math.Min(length, whole.Count - at) };
    }
}
