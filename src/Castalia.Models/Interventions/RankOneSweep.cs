using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Interventions;

/// <summary>Computes interventions on single neurons of the last block: no pass, and for each neuron what the unembedding makes of its column of W_down once for all prompts.</summary>
/// <remarks>With x the activation and f its factor, (1 − f)·x times the column, times the residual scale, is taken from the stream.</remarks>
sealed unsafe class RankOneSweep(Architecture a, Crew crew, WeightReader read, LastRows rows, RankOneReadings readings) : IDisposable
{
    const int ColumnTile = 256;             // of W_down at a time: stored blocks are no longer

    readonly LinearWeights _down = read.Linear(WeightRole.MlpDown, a.NLayers - 1);
    readonly FloatBuffer _columns = new();

    /// <summary>Computes variants, each with its neuron, in their order.</summary>
    public void Run(IReadOnlyList<(Variant Variant, RankOne Of)> variants, InterventionReading[] found)
    {
        foreach (int[] some in variants.Select(one => one.Variant.Prompt).Distinct().Order().Chunk(readings.MostPrompts))
        {
            var clean = readings.Clean(some);
            var byNeuron = variants.Index().Where(one => clean.ContainsKey(one.Item.Variant.Prompt)).GroupBy(one => one.Item.Of.Index).OrderBy(group => group.Key).ToArray();
            foreach (var tile in byNeuron.GroupBy(group => group.Key / ColumnTile))
            {
                int first = tile.Key * ColumnTile, columns = Math.Min(ColumnTile, a.DFf - first);
                Columns(first, columns);
                foreach (var neurons in tile.Chunk(readings.MostVectors)) Neurons(neurons, first, clean, found);
            }
        }
    }

    /// <summary>Some columns of W_down as rows, [columns × d_model].</summary>
    void Columns(int first, int count)
    {
        _columns.Resize((long)count * a.DModel);
        const int rowsPerPiece = 64;
        crew.Run((a.DModel + rowsPerPiece - 1) / rowsPerPiece, (piece, _) =>
        {
            float[] row = new float[count];
            for (int d = piece * rowsPerPiece; d < Math.Min(a.DModel, (piece + 1) * rowsPerPiece); d++)
            {
                _down.Weight.Widen(d, first, row);
                for (int j = 0; j < count; j++) _columns.Data[(long)j * a.DModel + d] = row[j];
            }
        });
    }

    void Neurons(
        IGrouping<int, (int Index, (Variant Variant, RankOne Of) Item)>[] neurons, int first, Dictionary<int, CleanPrompt> clean, InterventionReading[] found)
    {
        var written = readings.Project([.. neurons.Select(neuron => Scaled(_columns.Row(neuron.Key - first, a.DModel)))]);
        var work = neurons.SelectMany((group, i) => group.Select(one => (Neuron: i, one.Index, one.Item))).ToArray();
        crew.Run(work.Length, (i, _) =>
        {
            var (neuron, index, (variant, of)) = work[i];
            found[index] = readings.Of(variant, clean[variant.Prompt], written[neuron], (1 - of.Factor) * rows.Rows[variant.Prompt].MlpPost[of.Index]);
        });
    }

    double[] Scaled(ReadOnlySpan<float> column)
    {
        double[] scaled = new double[column.Length];
        for (int d = 0; d < scaled.Length; d++) scaled[d] = a.ResidualScale * column[d];
        return scaled;
    }

    /// <inheritdoc/>
    public void Dispose() => _columns.Dispose();
}
