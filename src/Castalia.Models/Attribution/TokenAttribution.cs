using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>Where a token stands, for complaints.</summary>
readonly record struct TokenPlace(Prompt Prompt, int Block, int Position);

/// <summary>The figures of one token at one block, every part of them, checked.</summary>
sealed record TokenAttribution(
    TokenPlace Place, double Square, double Gain, double Attn, double Mlp, double Rounding, double RoundingLength, double CosTheta, double StepRatio,
    double[] Heads, double AttnBias, double[] Neurons, double MlpBias, double[] Dimensions)
{
    /// <summary>Largest ‖rounding‖ that is taken for rounding, of ‖h‖ + ‖a‖ + ‖m‖.</summary>
    public const double MostRounding = 1e-6;

    /// <summary>Largest |Σ A_p − (G² − 1)|, of Σ|A_p|.</summary>
    public const double MostOpen = 1e-9;

    const double Rounding64 = 1e-14;

    /// <summary>Computes and checks them.</summary>
    /// <param name="a">The model.</param>
    /// <param name="place">Where.</param>
    /// <param name="pre">h.</param>
    /// <param name="post">h′, as the pass stores it.</param>
    /// <param name="attention">What attention adds to each token.</param>
    /// <param name="mlp">What the MLP adds.</param>
    /// <param name="z">Attention's output projection.</param>
    /// <param name="experts">The MLP's, expert by expert.</param>
    /// <param name="token">Which of the tokens.</param>
    public static TokenAttribution Of(
        Architecture a, TokenPlace place, ReadOnlySpan<double> pre, ReadOnlySpan<double> post, WrittenParts attention, WrittenParts mlp, Projection z,
        IReadOnlyList<(int Expert, Projection Projection)> experts, int token)
    {
        ReadOnlySpan<double> attnOut = attention.Written.Row(token), mlpOut = mlp.Written.Row(token);
        double square = Wide.Dot(pre, pre);
        if (square == 0) throw AttributionErrors.NoStream(place.Prompt, place.Block, place.Position);
        double[] dimensions = new double[pre.Length];
        double gain = 0, attn = 0, ofMlp = 0, rounding = 0, lost = 0, along = 0, step = 0;
        for (int d = 0; d < dimensions.Length; d++)
        {
            double both = pre[d] + post[d], delta = post[d] - pre[d], rest = delta - attnOut[d] - mlpOut[d];
            dimensions[d] = delta * both / square;
            gain += delta * both;
            attn += attnOut[d] * both;
            ofMlp += mlpOut[d] * both;
            rounding += rest * both;
            lost += rest * rest;
            along += delta * pre[d];
            step += delta * delta;
        }
        double length = Math.Sqrt(lost) / (Math.Sqrt(square) + Math.Sqrt(Wide.Dot(attnOut, attnOut)) + Math.Sqrt(Wide.Dot(mlpOut, mlpOut)));
        if (!(length <= MostRounding)) throw AttributionErrors.TooMuchRounding(place.Prompt, place.Block, place.Position, length, MostRounding);
        var found = new TokenAttribution(
            place, square, gain / square, attn / square, ofMlp / square, rounding / square, length, along / Math.Sqrt(step * square), Math.Sqrt(step / square),
            HeadsOf(a, z.Inner.Row(token), z.Weighing.Row(token), square), attention.Bias[token] / square,
            NeuronsOf(a, experts, token, square), mlp.Bias[token] / square, dimensions);
        found.RequireClosed("attn, mlp and rounding", 0, [found.Attn, found.Mlp, found.Rounding]);
        found.RequireClosed("heads, neurons, biases and rounding", 0, found.Heads, found.Neurons, [found.AttnBias, found.MlpBias, found.Rounding]);
        found.RequireClosed("dimensions", 0, dimensions);
        return found;
    }

    /// <summary>What is kept of it.</summary>
    /// <param name="options">How much.</param>
    /// <param name="sources">Every head and source; null where these are not kept.</param>
    /// <param name="derived">What needs more than the block.</param>
    public BlockAttribution Kept(AttributionOptions options, double[][]? sources, DerivedFigures derived) => new()
    {
        Block = Place.Block,
        Position = Place.Position,
        GainSquaredMinusOne = Gain,
        Attn = Attn,
        Mlp = Mlp,
        AttnBias = AttnBias,
        MlpBias = MlpBias,
        Rounding = Rounding,
        RoundingLength = RoundingLength,
        CosTheta = CosTheta,
        StepRatio = StepRatio,
        Heads = Heads,
        Neurons = Parts.Of(Neurons, AttributionOptions.MostListed, options.AllParts),
        Dimensions = Parts.Of(Dimensions, AttributionOptions.MostListed, options.AllParts),
        Sources = sources,
        Derived = derived,
    };

    /// <summary>Throws where a split along directions does not add up.</summary>
    public void RequireClosed(DerivedFigures derived)
    {
        // Of few parts that are all next to nothing, the products they are made of are not: their rounding, of ‖Δ‖·‖h + h′‖, is allowed as well.
        double rounding = Rounding64 * StepRatio * (2 + StepRatio);
        foreach (var split in derived.Directions) RequireClosed($"directions {split.Name}", rounding, [.. split.Parts], [split.Outside]);
        if (derived.Bands is { } bands) RequireClosed("bands of the unembedding", rounding, [.. bands.Parts], [bands.Outside]);
    }

    static double[] HeadsOf(Architecture a, ReadOnlySpan<double> z, ReadOnlySpan<double> weighing, double square)
    {
        double[] heads = new double[a.NHeads];
        for (int head = 0; head < heads.Length; head++)
            heads[head] = Wide.Dot(z.Slice(head * a.HeadDim, a.HeadDim), weighing.Slice(head * a.HeadDim, a.HeadDim)) / square;
        return heads;
    }

    /// <summary>Expert after expert; 0 in those that the token did not choose.</summary>
    static double[] NeuronsOf(Architecture a, IReadOnlyList<(int Expert, Projection Projection)> experts, int token, double square)
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

    /// <param name="rounding">What is allowed beside 1e-9 of Σ|A_p|.</param>
    /// <param name="split">What is split.</param>
    /// <param name="parts">Its parts.</param>
    void RequireClosed(string split, double rounding, params ReadOnlySpan<double[]> parts)
    {
        double sum = 0, size = 0;
        foreach (double[] some in parts)
        {
            foreach (double part in some)
            {
                sum += part;
                size += Math.Abs(part);
            }
        }
        if (Math.Abs(sum - Gain) <= MostOpen * size + rounding) return;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"The parts of G² − 1 do not add up over {split}, prompt {Place.Prompt.Name}, block {Place.Block}, position {Place.Position}: {sum:R} for {Gain:R}, at most {MostOpen:E0} of {size:E2} allowed."));
    }
}
