using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>Gradients by every stored tensor, in the layout it is stored in; what several roles share, a tied matrix too, adds up.</summary>
/// <param name="map">Where every weight is stored.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed class GradientSums(WeightMap map, Crew crew)
{
    readonly Dictionary<Tensor, float[]> _sums = map.Tensors.ToDictionary(tensor => tensor, tensor => new float[tensor.Count]);
    readonly SourceRows _orders = new(map.Architecture);

    /// <summary>The gradient by a stored tensor, its values in their order.</summary>
    public ReadOnlySpan<float> this[Tensor tensor] => _sums[tensor];

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        foreach (float[] sums in _sums.Values) Array.Clear(sums);
    }

    /// <summary>Adds to a matrix.</summary>
    /// <param name="role">Its role.</param>
    /// <param name="layer">Block from 0; null for what no block owns.</param>
    /// <param name="of">[out × in].</param>
    public void Add(WeightRole role, int? layer, FloatRows of)
    {
        var stored = map.Find(role, layer)!;
        float[] sums = _sums[stored.Tensor];
        int[]? sources = _orders.Of(stored.Rows, stored.Out);
        int width = stored.Transposed ? (int)stored.Tensor.Columns : stored.In;
        crew.Run(stored.Out, (row, _) =>
        {
            var values = of[row];
            int source = sources is null ? row : sources[row];
            if (stored.Transposed)
                for (int k = 0; k < values.Length; k++) sums[(long)k * width + source] += values[k];
            else
                for (int k = 0; k < values.Length; k++) sums[(long)source * width + k] += values[k];
        });
    }

    /// <summary>Adds to a row of a matrix that is stored as it is read.</summary>
    public void AddRow(WeightRole role, int row, ReadOnlySpan<float> of, double factor)
    {
        float[] sums = _sums[map.Find(role)!.Tensor];
        long start = (long)row * of.Length;
        for (int k = 0; k < of.Length; k++) sums[start + k] += (float)(factor * of[k]);
    }

    /// <summary>Adds to a vector, where the model has it.</summary>
    public void Add(WeightRole role, int? layer, double[] of)
    {
        if (map.Find(role, layer) is not { } stored) return;
        float[] sums = _sums[stored.Tensor];
        int[]? sources = _orders.Of(stored.Rows, of.Length);
        for (int i = 0; i < of.Length; i++) sums[sources is null ? i : sources[i]] += (float)of[i];
    }
}
