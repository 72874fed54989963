using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Turns stored tensors into what the passes take.</summary>
sealed class WeightReader(WeightMap map, Architecture architecture, Checkpoint? checkpoint = null)
{
    readonly SourceRows _orders = new(architecture);

    /// <summary>A matrix and its bias, where the model has one.</summary>
    public LinearWeights Linear(WeightRole role, int? layer = null, int part = 0)
    {
        var stored = map.Find(role, layer, part) ?? throw Unbound(role);
        return new(new StoredRows(stored, _orders, RangeOf(stored.Tensor)), BiasOf(role) is { } bias ? VectorOrNull(bias, layer) : null);
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
    public void Row(WeightRole role, int row, Span<float> destination) => Rows(role).Widen(row, 0, destination);

    /// <summary>A matrix of which some rows are read.</summary>
    public IWeightRows Rows(WeightRole role) => new StoredRows(map.Find(role) ?? throw Unbound(role), _orders);

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
        float[] whole = Whole(stored.Tensor);
        int[]? sources = _orders.Of(stored.Rows, values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = whole[sources is null ? i : sources[i]];
    }

    /// <summary>Every value of a tensor. Copied where it is in a file: a vector's pages would cost more to map than to read.</summary>
    unsafe float[] Whole(Tensor tensor)
    {
        var values = new float[tensor.Count];
        if (RangeOf(tensor) is { } range && tensor.IsContiguous)
        {
            byte[] stored = new byte[tensor.ByteLength];
            range.Copy(0, stored);
            fixed (byte* from = stored)
            fixed (float* to = values) Widen.Stored(tensor, from, to, values.Length);
            return values;
        }
        int columns = (int)tensor.Columns;
        for (int row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.AsSpan(row * columns, columns));
        return values;
    }

    FileRange? RangeOf(Tensor tensor) => checkpoint is { StaysMapped: false } ? checkpoint.RangeOf(tensor) : null;

    static WeightRole? BiasOf(WeightRole role) => Enum.TryParse($"{role}Bias", out WeightRole bias) ? bias : null;

    static float[] Ones(int length)
    {
        var ones = new float[length];
        Array.Fill(ones, 1);
        return ones;
    }

    static InvalidOperationException Unbound(WeightRole role) => new($"The description has no {role}.");
}
