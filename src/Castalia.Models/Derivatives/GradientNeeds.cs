using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>What a gradient takes of memory, bytes.</summary>
/// <remarks>
/// Gradients, float32, and one tensor's again while it is written; of every block what its record keeps, tokens · (4·d_model + 2·n_heads·head_dim +
/// 2·n_kv_heads·head_dim + 2·n_heads + 2·d_ff, 3·d_ff where gated) with 48 values more for each of its twelve matrices; of one block its derivatives;
/// one block's matrices laid out for products, and the unembedding both ways; 64 MiB of logits.
/// </remarks>
public static class GradientNeeds
{
    const long RuntimeBytes = 96L << 20, LogitBytes = 64L << 20;
    const int Padding = 48, Matrices = 12;

    /// <summary>Of sequences taken at once.</summary>
    /// <param name="weights">The weights, found.</param>
    /// <param name="tokens">Tokens of all sequences together.</param>
    public static MemoryNeeds Of(WeightMap weights, long tokens)
    {
        var a = weights.Architecture;
        long heads = (long)a.NHeads * a.HeadDim, shared = (long)a.NKvHeads * a.HeadDim, gated = a.Mlp == MlpKind.Gated ? 1 : 0;
        long record = 4L * a.DModel + 2 * heads + 2 * shared + 2 * a.NHeads + (2 + gated) * a.DFf + Matrices * Padding;
        long passing = 5L * a.DModel + 2 * heads + 2 * shared + (1 + gated) * a.DFf + Matrices * Padding;
        long block = Enumerable.Range(0, a.NLayers).Max(layer => weights.TensorsOf(layer).Sum(tensor => tensor.Count));
        return new(
            sizeof(float) * (a.NLayers * record + passing) * tokens,
            LogitBytes + sizeof(float) * 2L * a.DVocab * a.DModel,
            sizeof(float) * block,
            sizeof(float) * (weights.Parameters + weights.Tensors.Max(tensor => tensor.Count)),
            RuntimeBytes, 0);
    }
}
