using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>What a gradient takes of memory, bytes.</summary>
/// <remarks>Gradients, float32; of every block what its record keeps; of one block its derivatives, and its matrices laid out for products; the unembedding both ways, and logits of some positions.</remarks>
static class GradientNeeds
{
    const long RuntimeBytes = 96L << 20;

    /// <summary>Of sequences taken at once.</summary>
    /// <param name="weights">The weights, found.</param>
    /// <param name="tokens">Tokens of all sequences together.</param>
    public static MemoryNeeds Of(WeightMap weights, long tokens)
    {
        var a = weights.Architecture;
        int heads = a.NHeads * a.HeadDim, shared = a.NKvHeads * a.HeadDim;
        long stream = PaddedRows.Bytes(tokens, a.DModel), query = PaddedRows.Bytes(tokens, heads), key = PaddedRows.Bytes(tokens, shared), inner = PaddedRows.Bytes(tokens, a.DFf);
        int streams = 2 + (a.Wiring == Wiring.Sequential ? 1 : 0) + (a.Wiring == Wiring.ParallelOneNorm ? 0 : 1), gated = a.Mlp == MlpKind.Gated ? 1 : 0;
        long record = streams * stream + 2 * query + 2 * key + PaddedRows.Bytes(tokens, 2 * a.NHeads) + (2 + gated) * inner;
        long passing = 5 * stream + 2 * query + 2 * key + (1 + gated) * inner;
        long rows = Math.Min(tokens, HeadGradient.RowsAtOnce(a.DVocab)), block = Enumerable.Range(0, a.NLayers).Max(layer => weights.TensorsOf(layer).Sum(tensor => tensor.Count));
        return new(
            a.NLayers * record + passing,
            PaddedRows.Bytes(rows, a.DVocab) + PaddedRows.Bytes(rows, a.DModel) + sizeof(float) * 2L * PaddedRows.Up(a.DVocab) * PaddedRows.Up(a.DModel),
            sizeof(float) * block,
            sizeof(float) * weights.Parameters,
            RuntimeBytes, 0);
    }
}
