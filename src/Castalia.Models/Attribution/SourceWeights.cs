using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>A head's pattern at one query in float64, from the queries and keys of the pass.</summary>
static class SourceWeights
{
    /// <summary>Writes the weight of every position up to the query's own; 0 where its window does not reach.</summary>
    /// <param name="vectors">Queries and keys of the chunk.</param>
    /// <param name="rule">What becomes of their products.</param>
    /// <param name="head">The query head.</param>
    /// <param name="firstToken">The prompt's first token in the chunk.</param>
    /// <param name="weights">[position + 1], written.</param>
    /// <param name="without">Positions before the query's own that are left out of the softmax; null for none.</param>
    public static void Write(AttentionPass vectors, ScoreRule rule, int head, int firstToken, Span<double> weights, IReadOnlyList<int>? without = null)
    {
        int position = weights.Length - 1, first = rule.FirstKey(position);
        weights.Clear();
        var query = vectors.Query(firstToken + position, head);
        double largest = double.NegativeInfinity, total = 0;
        for (int s = first; s <= position; s++)
        {
            double distance = rule.Positions is { } table ? (double)table[s] - table[position] : s - position;
            double score = rule.Scale * Wide.Dot(query, vectors.Key(firstToken + s, head)) + rule.Slope * distance;
            if (rule.Softcap > 0) score = SoftCap.Reference(score, rule.Softcap);
            if (s < position && without?.Contains(s) == true) score = double.NegativeInfinity;
            weights[s] = score;
            largest = Math.Max(largest, score);
        }
        for (int s = first; s <= position; s++) total += weights[s] = Elementary.Exp(weights[s] - largest);
        for (int s = first; s <= position; s++) weights[s] /= total;
    }
}
