using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>A neuron, and the tokens whose logits its output column raises most.</summary>
/// <param name="Block">Block, from 0.</param>
/// <param name="Neuron">Neuron, in a mixture experts one after the other.</param>
/// <param name="Raised">Ids, the most raised first, where the neuron's activation is positive.</param>
/// <param name="Lowered">Ids, the most lowered first.</param>
sealed record NeuronTokens(int Block, int Neuron, IReadOnlyList<int> Raised, IReadOnlyList<int> Lowered);

/// <summary>A head, and the tokens whose logits it raises most by what it writes, averaged over prompts.</summary>
/// <param name="Block">Block, from 0.</param>
/// <param name="Head">Query head.</param>
/// <param name="Raised">Ids, the most raised first.</param>
/// <param name="Lowered">Ids, the most lowered first.</param>
sealed record HeadTokens(int Block, int Head, IReadOnlyList<int> Raised, IReadOnlyList<int> Lowered);

/// <summary>What units write, in the words of the vocabulary: W_U·(γ ⊙ w), γ the final norm's weight; of a neuron w is its column of W_down, of a head W_O·z̄ of its slice.</summary>
/// <remarks>Where a norm subtracts the mean, that of w is taken off first. The final norm's own length, and a norm after the sublayer, change no order but by γ of the latter, which is applied.</remarks>
static class UnitTokens
{
    /// <summary>The tokens of some neurons.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="a">Their description.</param>
    /// <param name="neurons">Block and neuron of each.</param>
    /// <param name="most">How many tokens of each.</param>
    /// <param name="vocabulary">Ids that count; later rows are padding.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    public static IReadOnlyList<NeuronTokens> Of(
        Checkpoint checkpoint, Architecture a, IReadOnlyList<(int Block, int Neuron)> neurons, int most, int vocabulary, int threads, CancellationToken cancellation)
    {
        if (neurons.Count == 0) return [];
        var read = new WeightReader(WeightMap.Outline(a, checkpoint), a, checkpoint);
        using var crew = new Crew(threads, cancellation);
        using BothSides products = new(crew);
        using var directions = new TokenVectors().Clear(neurons.Count, a.DModel);
        foreach (var matrix in neurons.Index().GroupBy(neuron => (neuron.Item.Block, Expert: neuron.Item.Neuron / a.DFf)))
        {
            // Columns are taken out by a product: of stored blocks no single value can be read.
            int[] rows = [.. matrix.Select(neuron => neuron.Index)];
            using TokenVectors chosen = new(), columns = new();
            chosen.Clear(rows.Length, a.DFf);
            for (int i = 0; i < rows.Length; i++) chosen.Row(i)[neurons[rows[i]].Neuron % a.DFf] = 1;
            products.Run(read.Linear(WeightRole.MlpDown, matrix.Key.Block, matrix.Key.Expert).Weight, chosen, columns, null, null);
            for (int i = 0; i < rows.Length; i++) columns.Row(i).CopyTo(directions.Row(rows[i]));
            Fold(read, a, WeightRole.MlpPostNorm, matrix.Key.Block, directions, rows);
        }
        return [.. Tokens(read, products, directions, most, vocabulary).Select((tokens, i) => new NeuronTokens(neurons[i].Block, neurons[i].Neuron, tokens.Raised, tokens.Lowered))];
    }

    /// <summary>The tokens of some heads of a block.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="a">Their description.</param>
    /// <param name="means">Of the block: what goes into its output projection.</param>
    /// <param name="heads">The heads.</param>
    /// <param name="most">How many tokens of each.</param>
    /// <param name="vocabulary">Ids that count; later rows are padding.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    public static IReadOnlyList<HeadTokens> OfHeads(
        Checkpoint checkpoint, Architecture a, UnitMeans means, IReadOnlyList<int> heads, int most, int vocabulary, int threads, CancellationToken cancellation)
    {
        if (heads.Count == 0) return [];
        var read = new WeightReader(WeightMap.Outline(a, checkpoint), a, checkpoint);
        using var crew = new Crew(threads, cancellation);
        using BothSides products = new(crew);
        using TokenVectors z = new TokenVectors().Clear(heads.Count, a.NHeads * a.HeadDim), directions = new();
        for (int i = 0; i < heads.Count; i++)
            for (int k = heads[i] * a.HeadDim; k < (heads[i] + 1) * a.HeadDim; k++) z.Row(i)[k] = means.HeadInputs[k];
        products.Run(read.Linear(WeightRole.AttnOut, means.Block).Weight, z, directions, null, null);
        Fold(read, a, WeightRole.AttnPostNorm, means.Block, directions, [.. Enumerable.Range(0, heads.Count)]);
        return [.. Tokens(read, products, directions, most, vocabulary).Select((tokens, i) => new HeadTokens(means.Block, heads[i], tokens.Raised, tokens.Lowered))];
    }

    static IEnumerable<(IReadOnlyList<int> Raised, IReadOnlyList<int> Lowered)> Tokens(WeightReader read, BothSides products, TokenVectors directions, int most, int vocabulary)
    {
        using var logits = new TokenVectors();
        products.Run(read.Linear(WeightRole.Unembedding).Weight, directions, logits, null, null);
        for (int i = 0; i < directions.Tokens; i++)
        {
            double[] scores = [.. logits.Row(i)[..Math.Min(vocabulary, logits.Width)]];
            yield return (Top(scores, 1), Top(scores, -1));
        }

        int[] Top(double[] scores, int sign) =>
            [.. scores.Select((score, id) => (score, id)).OrderByDescending(pair => sign * pair.score).ThenBy(pair => pair.id).Take(most).Select(pair => pair.id)];
    }

    /// <summary>Takes some directions through the weight of the norm after the sublayer, and through the final norm without its length.</summary>
    static void Fold(WeightReader read, Architecture a, WeightRole postNorm, int block, TokenVectors directions, int[] rows)
    {
        float[] final = read.Norm(WeightRole.FinalNorm).Weight;
        float[]? after = a.NormPlacement == NormPlacement.Before ? null : read.Norm(postNorm, block).Weight;
        foreach (int row in rows)
        {
            var to = directions.Row(row);
            double mean = 0;
            for (int d = 0; d < to.Length; d++)
            {
                to[d] *= after?[d] ?? 1;
                mean += to[d] / to.Length;
            }
            for (int d = 0; d < to.Length; d++) to[d] = (a.Norm == NormKind.LayerNorm ? to[d] - mean : to[d]) * final[d];
        }
    }
}
