using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>What a gradient takes of memory, bytes.</summary>
/// <remarks>
/// Gradients, float32, and one tensor's again while it is written; of every block what its record keeps, tokens · (2·d_model + 2·n_heads·head_dim +
/// 2·n_kv_heads·head_dim + d_ff, twice where gated); of one block as much again for derivatives, with norms in float64; the largest matrix and its
/// transpose; the unembedding transposed with a tile of logits of 64 MiB and its transpose.
/// </remarks>
public static class GradientNeeds
{
    const long RuntimeBytes = 96L << 20, TileBytes = 64L << 20;

    /// <summary>Of sequences taken at once.</summary>
    /// <param name="weights">The weights, found.</param>
    /// <param name="tokens">Tokens of all sequences together.</param>
    public static MemoryNeeds Of(WeightMap weights, long tokens)
    {
        var a = weights.Architecture;
        long heads = (long)a.NHeads * a.HeadDim, shared = (long)a.NKvHeads * a.HeadDim, mlp = a.Mlp == MlpKind.Gated ? 2L * a.DFf : a.DFf;
        long record = 2L * a.DModel + 2 * heads + 2 * shared + mlp, passing = 8L * a.DModel + 3 * heads + 3 * shared + 4L * a.DFf;
        long largest = Math.Max((long)a.DFf * a.DModel, heads * a.DModel);
        return new(
            sizeof(float) * (a.NLayers * record + 2 * passing) * tokens + sizeof(double) * tokens * a.DModel,
            3 * TileBytes + sizeof(float) * 2L * a.DVocab * a.DModel,
            sizeof(float) * 3 * largest,
            sizeof(float) * (weights.Parameters + weights.Tensors.Max(tensor => tensor.Count)),
            RuntimeBytes, 0);
    }
}
