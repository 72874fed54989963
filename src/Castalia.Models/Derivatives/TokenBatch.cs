using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>Sequences one after the other, and where each of their positions stands.</summary>
sealed class TokenBatch
{
    readonly RotaryTables _rotary;
    readonly int[] _sequences;

    /// <param name="a">The model.</param>
    /// <param name="sequences">The sequences.</param>
    public TokenBatch(Architecture a, IReadOnlyList<TokenizedPrompt> sequences)
    {
        _rotary = new(a, new RaggedBatch(sequences));
        int[] starts = new int[sequences.Count + 1];
        for (int i = 0; i < sequences.Count; i++) starts[i + 1] = starts[i] + sequences[i].Ids.Count;
        Starts = starts;
        Tiles = new(starts[^1]);
        _sequences = [.. sequences.Index().SelectMany(sequence => Enumerable.Repeat(sequence.Index, sequence.Item.Ids.Count))];
    }

    /// <summary>First position of each sequence, and the end.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>How positions are cut.</summary>
    public TokenTiles Tiles { get; }

    /// <summary>Positions of all.</summary>
    public int Tokens => Tiles.Tokens;

    /// <summary>The sequence that a position belongs to.</summary>
    public int SequenceOf(int token) => _sequences[token];

    /// <summary>Turns queries or keys of a tile; back for derivatives by them.</summary>
    public void Turn(int layer, int headDim, int tile, PaddedRows rows, bool back)
    {
        int first = Tiles.First(tile), end = first + Tiles.RowsOf(tile);
        for (int token = first; token < end; token++)
        {
            int start = Starts[_sequences[token]];
            if (_rotary.Of(layer, Starts[_sequences[token] + 1] - start) is not { } table) return;
            if (back) table.TurnBack(rows[token], headDim, token - start);
            else table.Turn(rows[token], headDim, token - start);
        }
    }
}
