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
    readonly FloatBuffer _scores = new(), _input = new(), _post = new(), _output = new();

    /// <inheritdoc/>
    public void Run(PackedTokens packed, float* input, int tokens, BlockWeights weights, float* mlpPost, float* mlpOut)
    {
        int experts = architecture.Mixture!.Experts, dModel = architecture.DModel;
        float* scores = _scores.Resize((long)tokens * experts).Data;
        linear.Run(packed.Pack(crew, input, tokens, dModel), weights.Router!, scores);
        var chosen = new double[tokens][]; // [token][expert], 0 where not chosen
        crew.Run(tokens, (t, _) => chosen[t] = Choose(new Span<float>(scores + (long)t * experts, experts), architecture.Mixture.PerToken));

        var sums = new double[(long)tokens * dModel];
        for (int e = 0; e < experts; e++)
        {
            int expert = e;
            int[] through = [.. Enumerable.Range(0, tokens).Where(t => chosen[t][expert] > 0)];
            if (through.Length == 0) continue;
            _input.Resize((long)through.Length * dModel);
            _output.Resize((long)through.Length * dModel);
            _post.Resize((long)through.Length * architecture.DFf);
            for (int i = 0; i < through.Length; i++)
                new Span<float>(input + (long)through[i] * dModel, dModel).CopyTo(_input.Row(i, dModel));
            _expert.Run(packed, _input.Data, through.Length, weights.Mlps[expert], _post.Data, _output.Data);
            for (int i = 0; i < through.Length; i++)
            {
                double weight = chosen[through[i]][expert];
                ReadOnlySpan<float> from = _output.Row(i, dModel);
                var to = sums.AsSpan(through[i] * dModel, dModel);
                for (int d = 0; d < dModel; d++) to[d] += weight * from[d];
            }
        }
        for (long i = 0; i < sums.LongLength; i++) mlpOut[i] = (float)sums[i];
    }

    /// <summary>Weight of every expert for one token, 0 for those not chosen.</summary>
    internal static double[] Choose(ReadOnlySpan<float> scores, int perToken)
    {
        var weights = new double[scores.Length];
        double total = 0;
        for (int k = 0; k < perToken; k++)
        {
            int best = -1;
            for (int e = 0; e < scores.Length; e++)
                if (weights[e] == 0 && (best < 0 || scores[e] > scores[best])) best = e;
            // Only differences matter once the weights are rescaled; the largest comes first, so none is above 1.
            weights[best] = k == 0 ? 1 : Math.Max(double.Epsilon, Elementary.Exp((double)scores[best] - Largest(scores)));
            total += weights[best];
        }
        for (int e = 0; e < weights.Length; e++) weights[e] /= total;
        return weights;
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
        _input.Dispose();
        _post.Dispose();
        _output.Dispose();
    }
}
