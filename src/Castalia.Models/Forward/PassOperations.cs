using Castalia.Architectures;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>Floating-point operations of a pass, a multiplication and an addition being two.</summary>
/// <remarks>
/// For T tokens: 2·T for every weight of the blocks' matrices, of a mixture those of the experts that a token goes through; for a query that sees t
/// positions 4·n_heads·head_dim·t, its scores and its weighted values; 2·d_vocab·d_model for every position at which logits are read. Norms,
/// activations and sums along the stream are left out: they wait for memory and not for arithmetic.
/// </remarks>
/// <param name="Blocks">Of the linear layers of all blocks.</param>
/// <param name="Attention">Of scores and weighted values.</param>
/// <param name="Logits">Of the unembedding.</param>
sealed record PassOperations(double Blocks, double Attention, double Logits)
{
    /// <summary>All of them.</summary>
    public double Total => Blocks + Attention + Logits;

    /// <summary>Of a run.</summary>
    public static PassOperations Of(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, bool allPositions, bool logitLens)
    {
        double tokens = prompts.Sum(prompt => (double)prompt.Ids.Count), weights = 0, pairs = 0;
        foreach (var role in WeightShapes.Needed(a))
        {
            if (!WeightShapes.IsPerLayer(role) || WeightShapes.IsVector(role)) continue;
            var (rows, columns) = WeightShapes.Of(a, role);
            weights += (double)rows * columns * a.NLayers * (WeightShapes.IsPerExpert(a, role) ? a.Mixture!.PerToken : 1);
        }
        for (int layer = 0; layer < a.NLayers; layer++)
            foreach (var prompt in prompts) pairs += Pairs(prompt.Ids.Count, a.Windows?[layer]);
        double read = (allPositions ? tokens : prompts.Count) * (logitLens ? a.NLayers : 1);
        return new(2 * tokens * weights, 4.0 * a.NHeads * a.HeadDim * pairs, 2.0 * a.DVocab * a.DModel * read);
    }

    /// <summary>Positions that the queries of a prompt see, its own included.</summary>
    static double Pairs(int tokens, int? window)
    {
        double seen = Math.Min(tokens, window ?? tokens);
        return seen * (seen + 1) / 2 + (tokens - seen) * seen;
    }
}
