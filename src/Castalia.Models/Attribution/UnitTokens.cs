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
public sealed record NeuronTokens(int Block, int Neuron, IReadOnlyList<int> Raised, IReadOnlyList<int> Lowered);

/// <summary>What neurons write, in the words of the vocabulary: W_U·(γ ⊙ w_j), γ the final norm's weight, w_j a column of W_down.</summary>
/// <remarks>Where a norm subtracts the mean, that of w_j is taken off first. The final norm's own length, and a norm after the sublayer, change no order but by γ of the latter, which is applied.</remarks>
public static class UnitTokens
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
        var map = WeightMap.Outline(a, checkpoint);
        var read = new WeightReader(map, a, checkpoint);
        var final = read.Norm(WeightRole.FinalNorm);
        var unembedding = read.Linear(WeightRole.Unembedding);
        using var crew = new Crew(threads, cancellation);
        using BothSides products = new(crew);
        using TokenVectors directions = new(), logits = new();
        directions.Clear(neurons.Count, a.DModel);
        foreach (var matrix in neurons.Index().GroupBy(neuron => (neuron.Item.Block, Expert: neuron.Item.Neuron / a.DFf)))
        {
            // Columns are taken out by a product: of stored blocks no single value can be read.
            int[] rows = [.. matrix.Select(neuron => neuron.Index)];
            using TokenVectors chosen = new(), columns = new();
            chosen.Clear(rows.Length, a.DFf);
            for (int i = 0; i < rows.Length; i++) chosen.Row(i)[neurons[rows[i]].Neuron % a.DFf] = 1;
            products.Run(read.Linear(WeightRole.MlpDown, matrix.Key.Block, matrix.Key.Expert).Weight, chosen, columns, null, null);
            float[]? after = a.NormPlacement == NormPlacement.Before ? null : read.Norm(WeightRole.MlpPostNorm, matrix.Key.Block).Weight;
            for (int i = 0; i < rows.Length; i++) Write(a, columns.Row(i), after, final, directions.Row(rows[i]));
        }
        products.Run(unembedding.Weight, directions, logits, null, null);
        return [.. neurons.Select((neuron, i) =>
        {
            double[] scores = [.. logits.Row(i)[..Math.Min(vocabulary, logits.Width)]];
            return new NeuronTokens(neuron.Block, neuron.Neuron, Top(scores, 1), Top(scores, -1));
        })];

        int[] Top(double[] scores, int sign) =>
            [.. scores.Select((score, id) => (score, id)).OrderByDescending(pair => sign * pair.score).ThenBy(pair => pair.id).Take(most).Select(pair => pair.id)];
    }

    static void Write(Architecture a, ReadOnlySpan<double> column, float[]? after, NormWeights final, Span<double> to)
    {
        double mean = 0;
        for (int d = 0; d < to.Length; d++)
        {
            to[d] = column[d] * (after?[d] ?? 1);
            mean += to[d] / to.Length;
        }
        for (int d = 0; d < to.Length; d++) to[d] = (a.Norm == NormKind.LayerNorm ? to[d] - mean : to[d]) * final.Weight[d];
    }
}
