using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A mixture of experts: each token through the few that the router scores highest.</summary>
/// <remarks>
/// Weights are the softmax of the router's scores over all experts, in float64, rescaled over those chosen to sum to 1. On a tie the
/// expert of lower index is chosen. A token's outputs are added in ascending order of expert, in float64, and rounded once: neither the
/// other tokens of the batch nor their number matter.
/// </remarks>
sealed unsafe class MixturePass(Architecture architecture, Crew crew, LinearPass linear) : IMlpPass
{
    readonly MlpPass _expert = new(architecture, crew, linear);
    readonly FloatBuffer _scores = new(), _rows = new(), _chosen = new(), _outputs = new();
    readonly PackedTokens _packed = new(), _post = new();
    double[] _weights = [];
    int[] _places = [];

    int Experts => architecture.Mixture!.Experts;

    /// <inheritdoc/>
    public void Run(PackedTokens input, BlockWeights weights, PackedTokens? mlpPost, PackedTokens mlpOut, Action? between = null)
    {
        int dModel = architecture.DModel, tokens = input.Tokens;
        float* scores = _scores.Resize((long)tokens * Experts).Data;
        linear.Run(input, weights.Router!, scores);
        if (_weights.Length < tokens * Experts) (_weights, _places) = (new double[tokens * Experts], new int[tokens * Experts]);
        EachToken(tokens, t => Choose(new ReadOnlySpan<float>(scores + (long)t * Experts, Experts), architecture.Mixture!.PerToken, WeightsOf(t)));

        float* rows = _rows.Resize((long)tokens * dModel).Data;
        input.Unpack(crew, rows);
        int[][] through = [.. Enumerable.Range(0, Experts).Select(expert => Through(expert, tokens))];
        float* gathered = _chosen.Resize((long)through.Max(list => list.Length) * dModel).Data;
        float* outputs = _outputs.Resize(through.Sum(list => (long)list.Length) * dModel).Data;
        int first = 0;
        for (int e = 0; e < Experts; e++)
        {
            int expert = e, start = first;
            int[] chosen = through[e];
            if (chosen.Length == 0) continue;
            EachToken(chosen.Length, i =>
            {
                _places[chosen[i] * Experts + expert] = start + i;
                new ReadOnlySpan<float>(rows + (long)chosen[i] * dModel, dModel).CopyTo(new(gathered + (long)i * dModel, dModel));
            });
            _packed.Pack(crew, gathered, chosen.Length, dModel);
            _expert.Run(_packed, weights.Mlps[e], _post, new LinearOutput(weights.Mlps[e].Down, outputs + (long)first * dModel));
            first += chosen.Length;
        }
        EachToken(tokens, t => Combine(t, outputs, new Span<float>(rows + (long)t * dModel, dModel)));
        mlpOut.Pack(crew, rows, tokens, dModel);
    }

    Span<double> WeightsOf(int token) => _weights.AsSpan(token * Experts, Experts);

    /// <summary>The tokens that chose an expert.</summary>
    int[] Through(int expert, int tokens)
    {
        var list = new List<int>();
        for (int t = 0; t < tokens; t++)
            if (_weights[t * Experts + expert] > 0) list.Add(t);
        return [.. list];
    }

    /// <summary>Σ weight·output of one token's experts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Combine(int token, float* outputs, Span<float> to)
    {
        const int lanes = 8;
        ReadOnlySpan<double> weights = WeightsOf(token);
        var places = _places.AsSpan(token * Experts, Experts);
        for (int d = 0; d < to.Length; d += lanes)
        {
            if (d > to.Length - lanes)
            {
                for (; d < to.Length; d++)
                {
                    double one = 0;
                    for (int e = 0; e < weights.Length; e++)
                        if (weights[e] > 0) one += weights[e] * outputs[(long)places[e] * to.Length + d];
                    to[d] = (float)one;
                }
                return;
            }
            Vector512<double> sum = default;
            for (int e = 0; e < weights.Length; e++)
                if (weights[e] > 0)
                    sum += Vector512.Create(weights[e]) * DoubleSum.Widen(ref outputs[(long)places[e] * to.Length + d], 0);
            DoubleSum.Narrow(sum).CopyTo(to[d..]);
        }
    }

    void EachToken(int tokens, Action<int> work)
    {
        const int tokensPerPiece = 16;
        crew.Run((tokens + tokensPerPiece - 1) / tokensPerPiece, (piece, _) =>
        {
            for (int t = piece * tokensPerPiece; t < Math.Min(tokens, (piece + 1) * tokensPerPiece); t++) work(t);
        });
    }

    /// <summary>Weight of every expert for one token, 0 for those not chosen.</summary>
    internal static void Choose(ReadOnlySpan<float> scores, int perToken, Span<double> weights)
    {
        weights.Clear();
        double total = 0;
        float largest = Largest(scores);
        for (int k = 0; k < perToken; k++)
        {
            int best = -1;
            for (int e = 0; e < scores.Length; e++)
                if (weights[e] == 0 && (best < 0 || scores[e] > scores[best])) best = e;
            // Only differences matter once the weights are rescaled; the largest comes first, so none is above 1.
            weights[best] = k == 0 ? 1 : Math.Max(double.Epsilon, Elementary.Exp((double)scores[best] - largest));
            total += weights[best];
        }
        for (int e = 0; e < weights.Length; e++) weights[e] /= total;
    }

    static float Largest(ReadOnlySpan<float> scores)
    {
        float largest = scores[0];
        foreach (float score in scores) largest = Math.Max(largest, score);
        return largest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _expert.Dispose();
        _scores.Dispose();
        _rows.Dispose();
        _chosen.Dispose();
        _outputs.Dispose();
        _packed.Dispose();
        _post.Dispose();
    }
}
