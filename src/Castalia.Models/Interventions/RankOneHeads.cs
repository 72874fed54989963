using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Computes interventions on single heads of a parallel last block: no pass, and for each head of each prompt what the unembedding makes of the one vector that it writes less.</summary>
/// <remarks>That vector is W_O of what the head's z loses, in float64, times the residual scale; what z becomes is rounded to float32 as in a pass.</remarks>
sealed class RankOneHeads(Architecture a, Crew crew, WeightReader read, LastRows rows, IReadOnlyDictionary<string, SetMeans> sets, RankOneReadings readings)
{
    readonly LinearWeights _out = read.Linear(WeightRole.AttnOut, a.NLayers - 1);

    /// <summary>Computes variants, each with its head, in their order.</summary>
    public void Run(IReadOnlyList<(Variant Variant, RankOne Of)> variants, InterventionReading[] found)
    {
        foreach (int[] some in variants.Select(one => one.Variant.Prompt).Distinct().Order().Chunk(readings.MostPrompts))
        {
            var clean = readings.Clean(some);
            foreach (var tile in variants.Index().Where(one => clean.ContainsKey(one.Item.Variant.Prompt)).Chunk(readings.MostVectors))
            {
                var written = readings.Project(Vectors([.. tile.Select(one => one.Item)]));
                crew.Run(tile.Length, (i, _) => found[tile[i].Index] = readings.Of(tile[i].Item.Variant, clean[tile[i].Item.Variant.Prompt], written[i], 1));
            }
        }
    }

    /// <summary>What leaves the stream under each variant.</summary>
    double[][] Vectors((Variant Variant, RankOne Of)[] variants)
    {
        double[][] lost = [.. variants.Select(one => Lost(one.Variant, one.Of))], vectors = [.. variants.Select(_ => new double[a.DModel])];
        const int rowsPerPiece = 64;
        crew.Run((a.DModel + rowsPerPiece - 1) / rowsPerPiece, (piece, _) =>
        {
            float[] row = new float[a.NHeads * a.HeadDim];
            double[] wide = new double[row.Length];
            for (int d = piece * rowsPerPiece; d < Math.Min(a.DModel, (piece + 1) * rowsPerPiece); d++)
            {
                _out.Weight.Widen(d, 0, row);
                Wide.Copy(row, wide);
                for (int i = 0; i < variants.Length; i++) vectors[i][d] = a.ResidualScale * Wide.Dot(wide.AsSpan(variants[i].Of.Index * a.HeadDim, a.HeadDim), lost[i]);
            }
        });
        return vectors;
    }

    /// <summary>What the head's z loses, [head_dim].</summary>
    double[] Lost(Variant variant, RankOne of)
    {
        var last = rows.Rows[variant.Prompt];
        int first = of.Index * a.HeadDim;
        double[] z = new double[a.HeadDim], lost = new double[a.HeadDim];
        Wide.Copy(last.Z.AsSpan(first, a.HeadDim), z);
        z.CopyTo(lost, 0);
        double[] mean = of.Deed is not Deed.Mean { Over: var over } ? [] : over.Set is { } set ? sets[set][a.NLayers - 1, ResidualSite.Z, over.IncludesFirst] : last.MeanZ!;
        ChangeArithmetic.Apply(of.Deed, z, mean.Length == 0 ? [] : mean.AsSpan(first, a.HeadDim));
        for (int k = 0; k < lost.Length; k++) lost[k] -= (float)z[k];
        return lost;
    }
}
