using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Untrained;

namespace Castalia.Training;

/// <summary>The weights that a network begins with.</summary>
/// <remarks>
/// An element is drawn by its role, block, row and column, whatever tensor it is stored in: networks of two families that share a shape and a seed begin alike.
/// Deviates are <see cref="NormalDeviates"/>, with a cut Φ⁻¹ of a uniform number between Φ(−2) and Φ(2): the same bits on every machine.
/// </remarks>
static class InitialWeights
{
    const double BelowTwo = 0.022750131948179212; // Φ(−2)

    /// <summary>The values of every tensor, by its name.</summary>
    public static Dictionary<string, float[]> Of(ModelForm form, Initialisation initialisation, ulong seed)
    {
        var a = form.Architecture;
        using var imagined = StoredTensors.Imagined(form.Config, StoredTensors.Of(a));
        var map = WeightMap.Bind(a, imagined);
        var values = map.Tensors.ToDictionary(tensor => tensor.Name, tensor => new float[tensor.Count], StringComparer.Ordinal);
        foreach (var bound in map.Bound.Where(bound => bound.Role != WeightRole.Unembedding || !a.TiedUnembedding))
        {
            if (WeightShapes.IsVector(bound.Role))
            {
                if (IsNormWeight(bound.Role) && !a.NormWeightPlusOne) Array.Fill(values[bound.Tensor.Name], 1);
                continue;
            }
            Fill(values[bound.Tensor.Name], map.Find(bound.Role, bound.Layer, bound.Part)!, bound, initialisation, a, seed);
        }
        return values;
    }

    static void Fill(float[] values, StoredWeight stored, BoundWeight bound, Initialisation initialisation, Architecture a, ulong seed)
    {
        double deviation = initialisation.Deviation(bound.Role, a);
        int layer = bound.Layer ?? -1, first = bound.Role == WeightRole.Positions ? a.LearnedPositions!.Offset : 0; // rows before the offset are of no position
        ulong key = NormalDeviates.Key(seed, FormattableString.Invariant($"initial/{bound.Role}/{layer}"));
        for (int row = first; row < stored.Out; row++)
        {
            int source = RowOrders.SourceRow(stored.Rows, row, a);
            for (int k = 0; k < stored.In; k++)
            {
                long index = (long)(row - first) * stored.In + k;
                double deviate = initialisation.Cut is null ? NormalDeviates.At(key, index) : NormalDeviates.Between(key, index, BelowTwo);
                values[stored.Transposed ? (long)k * stored.Tensor.Columns + source : (long)source * stored.In + k] = (float)(deviation * deviate);
            }
        }
    }

    static bool IsNormWeight(WeightRole role) => role is WeightRole.AttnNorm or WeightRole.MlpNorm or WeightRole.FinalNorm or WeightRole.EmbeddingNorm
        or WeightRole.AttnPostNorm or WeightRole.MlpPostNorm or WeightRole.QueryNorm or WeightRole.KeyNorm;
}
