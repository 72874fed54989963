using Castalia.Architectures;

namespace Castalia.Derivatives;

/// <summary>One MLP, a block's own or an expert's, at one vector: float64.</summary>
/// <param name="Expert">Its index in the block.</param>
/// <param name="Share">Its weight in the mixture; 1 for the only one.</param>
/// <param name="Gate">Before the activation, [d_ff]; null in plain MLPs.</param>
/// <param name="Up">[d_ff]; in plain MLPs before the activation.</param>
/// <param name="Post">What the down projection reads, [d_ff].</param>
/// <param name="Out">What it gives, [d_model].</param>
sealed record MlpPoint(int Expert, double Share, double[]? Gate, double[] Up, double[] Post, double[] Out)
{
    /// <summary>Factors of the tangents of gate and up in that of <see cref="Post"/>: f′(g)·u and f(g), or f′(u) and none.</summary>
    public (double[]? OfGate, double[] OfUp) Slopes(Activation activation)
    {
        if (Gate is null) return (null, [.. Up.Select(u => ActivationSlope.Of(activation, u).Slope)]);
        double[] ofGate = new double[Gate.Length], ofUp = new double[Gate.Length];
        for (int i = 0; i < ofUp.Length; i++)
        {
            var (value, slope) = ActivationSlope.Of(activation, Gate[i]);
            (ofGate[i], ofUp[i]) = (slope * Up[i], value);
        }
        return (ofGate, ofUp);
    }

    /// <summary>f(g)·u, or f(u).</summary>
    public static double[] PostOf(Activation activation, double[]? gate, double[] up)
    {
        var post = new double[up.Length];
        for (int i = 0; i < post.Length; i++) post[i] = gate is null ? ActivationSlope.Of(activation, up[i]).Value : ActivationSlope.Of(activation, gate[i]).Value * up[i];
        return post;
    }
}
