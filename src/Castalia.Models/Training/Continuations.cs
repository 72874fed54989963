using Castalia.Kernels;

namespace Castalia.Training;

/// <summary>What decides the next token of a generated text.</summary>
enum ContextKind
{
    /// <summary>The last two tokens, and they leave one continuation.</summary>
    Settled,
    /// <summary>The last two tokens, and they leave 2 to 16.</summary>
    Open,
    /// <summary>A token further back: the one that followed the same name before.</summary>
    Copied,
    /// <summary>A token further back: the subject of the sentence, which its verb agrees with.</summary>
    Agreeing,
}

/// <summary>The true distribution of the next token: whole weights over their sum.</summary>
sealed class Continuations
{
    readonly int[] _tokens, _weights;

    /// <param name="kind">What decides.</param>
    /// <param name="tokens">The tokens that can follow, each once.</param>
    /// <param name="weights">Their weights, each at least 1.</param>
    internal Continuations(ContextKind kind, int[] tokens, int[] weights)
    {
        (Kind, _tokens, _weights) = (kind, tokens, weights);
        Total = weights.Sum();
        double sum = 0;
        foreach (int weight in weights) sum += weight * Elementary.Log(weight);
        Entropy = weights.Length == 1 ? 0 : Elementary.Log(Total) - sum / Total;
    }

    /// <summary>What decides.</summary>
    public ContextKind Kind { get; }

    /// <summary>The tokens that can follow; every other has probability 0.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Their weights.</summary>
    public IReadOnlyList<int> Weights => _weights;

    /// <summary>Sum of the weights.</summary>
    public int Total { get; }

    /// <summary>−Σ p ln p, nats.</summary>
    public double Entropy { get; }

    /// <summary>Probability of a token.</summary>
    public double Probability(int token) => Array.IndexOf(_tokens, token) is >= 0 and var i ? (double)_weights[i] / Total : 0;

    /// <summary>The token at a place of the weights laid end to end.</summary>
    /// <param name="at">From 0 to one less than <see cref="Total"/>.</param>
    internal int At(int at)
    {
        int i = 0;
        while (at >= _weights[i]) at -= _weights[i++];
        return _tokens[i];
    }
}
