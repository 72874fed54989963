using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>What reading blocks as maps takes beside the pass: bytes, and operations.</summary>
/// <remarks>
/// Up to 512 tangents go through a block together: their stream at six places, queries, keys, values and z, gate and up. For each thread a Jacobian,
/// d_model², and its decomposition twice as much; keys and values of a prompt in float64. Kept: singular values and a few hundred figures.
/// </remarks>
static class DynamicsNeeds
{
    const int KeptFigures = 300;

    /// <summary>Bytes of a run.</summary>
    public static long Of(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, DynamicsOptions options, int threads)
    {
        long blocks = options.Blocks.Count(a.NLayers), square = (long)a.DModel * a.DModel * sizeof(double);
        long held = 2L * prompts.Max(prompt => prompt.Ids.Count) * a.NKvHeads * a.HeadDim * sizeof(double);
        long points = 48L * (6L * a.DModel + 3L * a.DFf + 4L * a.NHeads * a.HeadDim) * sizeof(double);
        return BlockTangents.Bytes(a) + WideLinear.Bytes(threads) + 4 * threads * square + held + points + prompts.Count * blocks * (a.DModel + KeptFigures) * sizeof(double);
    }

    /// <summary>Floating-point operations of the Jacobians, float64: 2 for every weight of a block that a token goes through and every dimension.</summary>
    public static double Operations(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, DynamicsOptions options)
    {
        double weights = 0;
        foreach (var role in WeightShapes.Needed(a))
        {
            if (!WeightShapes.IsPerLayer(role) || WeightShapes.IsVector(role)) continue;
            var (rows, columns) = WeightShapes.Of(a, role);
            weights += (double)rows * columns * (WeightShapes.IsPerExpert(a, role) ? a.Mixture!.PerToken : 1);
        }
        return 2 * weights * a.DModel * prompts.Count * options.Blocks.Count(a.NLayers);
    }
}
