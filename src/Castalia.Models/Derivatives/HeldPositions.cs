using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Keys and values of the positions before one, as they went into the scores of the pass; they are held while the one moves.</summary>
sealed class HeldPositions
{
    readonly double[][] _keys, _values; // [key/value head][(position − First) × head_dim]

    /// <param name="a">The model.</param>
    /// <param name="layer">The block.</param>
    /// <param name="vectors">Keys and values of the chunk.</param>
    /// <param name="firstToken">The prompt's first token in the chunk.</param>
    /// <param name="position">The position that moves, the last that counts.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="longest">Longest prompt of the batch.</param>
    public HeldPositions(Architecture a, int layer, AttentionPass vectors, int firstToken, int position, int tokens, int longest)
    {
        (Position, Tokens) = (position, tokens);
        Rules = [.. Enumerable.Range(0, a.NHeads).Select(head => vectors.RuleOf(layer, head, longest))];
        First = Rules[0].FirstKey(position);
        Scale = a.AttentionScaleOf(layer);
        int group = a.NHeads / a.NKvHeads, seen = position - First;
        (_keys, _values) = (new double[a.NKvHeads][], new double[a.NKvHeads][]);
        for (int head = 0; head < a.NKvHeads; head++)
        {
            (_keys[head], _values[head]) = (new double[seen * a.HeadDim], new double[seen * a.HeadDim]);
            for (int s = 0; s < seen; s++)
            {
                Wide.Copy(vectors.Key(firstToken + First + s, head * group), _keys[head].AsSpan(s * a.HeadDim, a.HeadDim));
                Wide.Copy(vectors.Value(firstToken + First + s, head * group), _values[head].AsSpan(s * a.HeadDim, a.HeadDim));
            }
        }
    }

    /// <summary>The position that moves.</summary>
    public int Position { get; }

    /// <summary>Tokens of the prompt.</summary>
    public int Tokens { get; }

    /// <summary>The first position that the one sees.</summary>
    public int First { get; }

    /// <summary>Positions that the one sees beside its own.</summary>
    public int Seen => Position - First;

    /// <summary>Factor on query·key.</summary>
    public double Scale { get; }

    /// <summary>What becomes of the products, by query head.</summary>
    public ScoreRule[] Rules { get; }

    /// <summary>A key, by key/value head and place from <see cref="First"/>.</summary>
    public ReadOnlySpan<double> Key(int kvHead, int place, int headDim) => _keys[kvHead].AsSpan(place * headDim, headDim);

    /// <summary>A value.</summary>
    public ReadOnlySpan<double> Value(int kvHead, int place, int headDim) => _values[kvHead].AsSpan(place * headDim, headDim);
}
