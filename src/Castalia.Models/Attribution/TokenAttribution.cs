using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>The figures of one token at one block, and the checks on them.</summary>
/// <param name="a">The model.</param>
/// <param name="options">What is kept.</param>
/// <param name="pre">h.</param>
/// <param name="post">h′, as the pass stores it.</param>
readonly ref struct TokenAttribution(Architecture a, AttributionOptions options, ReadOnlySpan<double> pre, ReadOnlySpan<double> post)
{
    /// <summary>Largest ‖rounding‖ that is taken for rounding, of ‖h‖ + ‖a‖ + ‖m‖.</summary>
    public const double MostRounding = 1e-6;

    /// <summary>Largest |Σ A_p − (G² − 1)|, of Σ|A_p|.</summary>
    public const double MostOpen = 1e-9;

    readonly ReadOnlySpan<double> _pre = pre, _post = post;

    public BlockAttribution Of(
        int block, int position, Prompt prompt, WrittenParts attention, WrittenParts mlp, Projection z,
        IReadOnlyList<(int Expert, Projection Projection)> experts, int token, HeadSources? sources, int promptIndex)
    {
        ReadOnlySpan<double> attn = attention.Written.Row(token), out_ = mlp.Written.Row(token);
        double square = Wide.Dot(_pre, _pre);
        if (square == 0) throw AttributionErrors.NoStream(prompt, block, position);
        double[] dimensions = new double[_pre.Length];
        double gain = 0, ofAttn = 0, ofMlp = 0, rounding = 0, lost = 0, along = 0, delta2 = 0;
        for (int d = 0; d < dimensions.Length; d++)
        {
            double both = _pre[d] + _post[d], delta = _post[d] - _pre[d], rest = delta - attn[d] - out_[d];
            dimensions[d] = delta * both / square;
            gain += delta * both;
            ofAttn += attn[d] * both;
            ofMlp += out_[d] * both;
            rounding += rest * both;
            lost += rest * rest;
            along += delta * _pre[d];
            delta2 += delta * delta;
        }
        double length = Math.Sqrt(lost) / (Math.Sqrt(square) + Math.Sqrt(Wide.Dot(attn, attn)) + Math.Sqrt(Wide.Dot(out_, out_)));
        if (!(length <= MostRounding)) throw AttributionErrors.TooMuchRounding(prompt, block, position, length, MostRounding);

        double[] heads = Heads(z.Inner.Row(token), z.Weighing.Row(token), square), neurons = Neurons(experts, token, square);
        double attnBias = attention.Bias[token] / square, mlpBias = mlp.Bias[token] / square;
        gain /= square;
        rounding /= square;
        RequireClosed(gain, [ofAttn / square, ofMlp / square, rounding], "attn, mlp", prompt, block, position);
        RequireClosed(gain, [.. heads, attnBias, .. neurons, mlpBias, rounding], "heads, neurons, biases", prompt, block, position);
        RequireClosed(gain, dimensions, "dimensions", prompt, block, position);
        return new()
        {
            Block = block,
            Position = position,
            GainSquaredMinusOne = gain,
            Attn = ofAttn / square,
            Mlp = ofMlp / square,
            AttnBias = attnBias,
            MlpBias = mlpBias,
            Rounding = rounding,
            RoundingLength = length,
            CosTheta = along / Math.Sqrt(delta2 * square),
            StepRatio = Math.Sqrt(delta2 / square),
            Heads = heads,
            Neurons = Parts.Of(neurons, AttributionOptions.MostListed, options.AllParts),
            Dimensions = Parts.Of(dimensions, AttributionOptions.MostListed, options.AllParts),
            Sources = sources?.Of(promptIndex, position, z.Weighing.Row(token), square),
        };
    }

    double[] Heads(ReadOnlySpan<double> z, ReadOnlySpan<double> weighing, double square)
    {
        double[] heads = new double[a.NHeads];
        for (int head = 0; head < heads.Length; head++)
            heads[head] = Wide.Dot(z.Slice(head * a.HeadDim, a.HeadDim), weighing.Slice(head * a.HeadDim, a.HeadDim)) / square;
        return heads;
    }

    /// <summary>Expert after expert; 0 in those that the token did not choose.</summary>
    double[] Neurons(IReadOnlyList<(int Expert, Projection Projection)> experts, int token, double square)
    {
        double[] neurons = new double[(a.Mixture?.Experts ?? 1) * a.DFf];
        foreach (var (expert, projection) in experts)
        {
            int row = Array.BinarySearch(projection.Tokens, token);
            if (row < 0) continue;
            ReadOnlySpan<double> inner = projection.Inner.Row(row), weighing = projection.Weighing.Row(row);
            var to = neurons.AsSpan(expert * a.DFf, a.DFf);
            for (int j = 0; j < to.Length; j++) to[j] = inner[j] * weighing[j] / square;
        }
        return neurons;
    }

    static void RequireClosed(double gain, ReadOnlySpan<double> parts, string split, Prompt prompt, int block, int position)
    {
        double sum = 0, size = 0;
        foreach (double part in parts)
        {
            sum += part;
            size += Math.Abs(part);
        }
        if (Math.Abs(sum - gain) <= MostOpen * size) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"The parts of G² − 1 do not add up over {split}, prompt {prompt.Name}, block {block}, position {position}: {sum:R} for {gain:R}, at most {MostOpen:E0} of {size:E2} allowed."));
    }
}
