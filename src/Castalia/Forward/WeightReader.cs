using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A stored matrix read in the order the arithmetic wants.</summary>
sealed unsafe class StoredRows(StoredWeight stored, Architecture architecture, FileRange? place = null) : IWeightRows
{
    readonly FileRange? _place = stored.Transposed || !stored.Tensor.IsContiguous ? null : place;

    public int Rows => stored.Out;

    public int Columns => stored.In;

    public void Widen(int row, int start, Span<float> destination)
    {
        if (stored.Transposed)
        {
            fixed (float* to = destination) Tile(row, 1, start, destination.Length, to, destination.Length);
            return;
        }
        Checkpoints.Widen.Row(stored.Tensor, Source(row), start, destination);
    }

    /// <summary>Reads a transposed matrix along its stored rows, a run of our rows at a time: across them every value would be its own cache line.</summary>
    public void Tile(int firstRow, int rows, int start, int count, float* to, int stride)
    {
        if (!stored.Transposed)
        {
            var copied = Copied(firstRow, rows, start);
            for (int row = 0; row < rows; row++)
            {
                var destination = new Span<float>(to + (long)row * stride, count);
                if (copied is null) Widen(firstRow + row, start, destination);
                else Checkpoints.Widen.Row(copied, row, start, destination);
            }
            return;
        }
        const int most = 256;
        float* run = stackalloc float[most];
        for (int row = 0; row < rows;)
        {
            int source = Source(firstRow + row), length = 1;
            while (row + length < rows && length < most && Source(firstRow + row + length) == source + length) length++;
            for (int k = 0; k < count; k++)
            {
                Checkpoints.Widen.Row(stored.Tensor, start + k, source, new Span<float>(run, length));
                for (int i = 0; i < length; i++) to[(long)(row + i) * stride + k] = run[i];
            }
            row += length;
        }
    }

    /// <summary>The rows as this thread's buffer has them; null where they are read through the mapping.</summary>
    Tensor? Copied(int firstRow, int rows, int start)
    {
        if (_place is not { } place) return null;
        var buffer = RowBuffer.Own;
        // Only who begins with the first columns is taken to go on to the last.
        return buffer.Held(this, firstRow, rows) ?? (start == 0 ? buffer.Read(this, firstRow, rows, stored.Tensor, place, Source) : null);
    }

    int Source(int row) => RowOrders.SourceRow(stored.Rows, row, architecture);
}

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
