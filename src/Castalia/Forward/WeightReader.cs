using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Turns stored tensors into what the passes take.</summary>
sealed class WeightReader(WeightMap map, Architecture architecture, Checkpoint? checkpoint = null)
{
    /// <summary>A matrix and its bias, where the model has one.</summary>
    public LinearWeights Linear(WeightRole role, int? layer = null, int part = 0)
    {
        var stored = map.Find(role, layer, part) ?? throw Unbound(role);
        return new(new StoredRows(stored, architecture, checkpoint?.RangeOf(stored.Tensor)), BiasOf(role) is { } bias ? VectorOrNull(bias, layer) : null);
    }

    /// <summary>A norm with its bias, where the model has one; the weight as it multiplies.</summary>
    public NormWeights Norm(WeightRole role, int? layer = null)
    {
        if (VectorOrNull(role, layer) is not { } weight)
            return architecture.Tensors.ContainsKey(role) ? throw Unbound(role) : new(Ones(WeightShapes.Of(architecture, role).Out), null);
        if (architecture.NormWeightPlusOne)
            for (int i = 0; i < weight.Length; i++) weight[i] = (float)(1.0 + weight[i]);
        return new(weight, BiasOf(role) is { } bias ? VectorOrNull(bias, layer) : null);
    }

    /// <summary>One row of a matrix.</summary>
    public void Row(WeightRole role, int row, Span<float> destination) =>
        new StoredRows(map.Find(role) ?? throw Unbound(role), architecture).Widen(row, 0, destination);

    float[]? VectorOrNull(WeightRole role, int? layer)
    {
        if (map.Find(role, layer) is not { } stored) return null;
        int parts = WeightShapes.Parts(architecture, role);
        var values = new float[parts * stored.Out];
        for (int part = 0; part < parts; part++)
        {
            var one = map.Find(role, layer, part) ?? throw Unbound(role);
            Read(one, values.AsSpan(part * stored.Out, stored.Out));
        }
        return values;
    }

    void Read(StoredWeight stored, Span<float> values)
    {
        var whole = new float[stored.Tensor.Count];
        int columns = (int)stored.Tensor.Columns;
        for (int row = 0; row < stored.Tensor.Rows; row++) Widen.Row(stored.Tensor, row, 0, whole.AsSpan(row * columns, columns));
        for (int i = 0; i < values.Length; i++) values[i] = whole[RowOrders.SourceRow(stored.Rows, i, architecture)];
    }

    static WeightRole? BiasOf(WeightRole role) => Enum.TryParse($"{role}Bias", out WeightRole bias) ? bias : null;

    static float[] Ones(int length)
    {
        var ones = new float[length];
        Array.Fill(ones, 1);
        return ones;
    }

    static InvalidOperationException Unbound(WeightRole role) => new($"The description has no {role}.");
}
