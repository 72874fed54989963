using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>One head's attention at one query in float64, and its derivative with the other positions held.</summary>
/// <remarks>
/// Score s_j = b(scale·⟨q, k_j⟩ + penalty), b the soft cap where there is one; p = softmax s; z = Σ p_j·v_j. With g_j = p_j·b′_j·scale and t the query's own place:
/// dz = Σ_j g_j·(v_j − z)⟨k_j, dq⟩ + g_t·(v_t − z)⟨q, dk_t⟩ + p_t·dv_t. The sum is one matrix M = Σ g_j·(v_j − z)k_jᵀ, [head_dim × head_dim], so that a
/// tangent costs nothing with the length of the prompt; the transpose is dq = Mᵀdz, dk_t = g_t·q·⟨v_t − z, dz⟩, dv_t = p_t·dz.
/// </remarks>
sealed class HeadPoint
{
    readonly HeldPositions _held;
    readonly int _kvHead;
    readonly double[] _query, _key, _value, _weights, _gains;

    HeadPoint(HeldPositions held, int kvHead, double[] query, double[] key, double[] value, double[] weights, double[] gains, double[] z) =>
        (_held, _kvHead, _query, _key, _value, _weights, _gains, Z) = (held, kvHead, query, key, value, weights, gains, z);

    /// <summary>z, [head_dim].</summary>
    public double[] Z { get; }

    /// <summary>q, [head_dim].</summary>
    public IReadOnlyList<double> Query => _query;

    /// <summary>p_t: the weight of the query's own position.</summary>
    public double OwnWeight => _weights[^1];

    /// <summary>g_t.</summary>
    public double OwnGain => _gains[^1];

    /// <summary>v_t − z.</summary>
    public double[] OwnTurn => [.. _value.Zip(Z, (v, z) => v - z)];

    /// <summary>Of a query head.</summary>
    /// <param name="a">The model.</param>
    /// <param name="held">The other positions.</param>
    /// <param name="head">The head.</param>
    /// <param name="query">Queries of all heads.</param>
    /// <param name="key">Own keys of all key/value heads.</param>
    /// <param name="value">Own values.</param>
    public static HeadPoint Of(Architecture a, HeldPositions held, int head, double[] query, double[] key, double[] value)
    {
        int headDim = a.HeadDim, kvHead = head / (a.NHeads / a.NKvHeads), seen = held.Seen;
        double[] q = query[(head * headDim)..((head + 1) * headDim)], k = key[(kvHead * headDim)..((kvHead + 1) * headDim)], v = value[(kvHead * headDim)..((kvHead + 1) * headDim)];
        var rule = held.Rules[head];
        double[] weights = new double[seen + 1], gains = new double[seen + 1];
        double largest = double.NegativeInfinity, total = 0;
        for (int j = 0; j <= seen; j++)
        {
            int s = held.First + j;
            double distance = rule.Positions is { } table ? (double)table[s] - table[held.Position] : s - held.Position;
            double score = held.Scale * LaneSums.Dot(q, j < seen ? held.Key(kvHead, j, headDim) : k) + rule.Slope * distance;
            gains[j] = held.Scale;
            if (rule.Softcap > 0)
            {
                var (tanh, slope) = ActivationSlope.OfTanh(score / rule.Softcap);
                (score, gains[j]) = (rule.Softcap * tanh, held.Scale * slope);
            }
            weights[j] = score;
            largest = Math.Max(largest, score);
        }
        for (int j = 0; j <= seen; j++) total += weights[j] = Elementary.Exp(weights[j] - largest);
        var z = new double[headDim];
        for (int j = 0; j <= seen; j++)
        {
            weights[j] /= total;
            gains[j] *= weights[j];
            LaneSums.Add(weights[j], j < seen ? held.Value(kvHead, j, headDim) : v, z);
        }
        return new(held, kvHead, q, k, v, weights, gains, z);
    }

    /// <summary>M, [head_dim × head_dim], row i of what z's dimension i answers.</summary>
    public double[] Matrix()
    {
        int headDim = Z.Length, seen = _held.Seen;
        double[] m = new double[headDim * headDim];
        for (int j = 0; j <= seen; j++)
        {
            if (_gains[j] == 0) continue;
            var key = j < seen ? _held.Key(_kvHead, j, headDim) : _key;
            var value = j < seen ? _held.Value(_kvHead, j, headDim) : _value;
            for (int i = 0; i < headDim; i++) LaneSums.Add(_gains[j] * (value[i] - Z[i]), key, m.AsSpan(i * headDim, headDim));
        }
        return m;
    }
}
