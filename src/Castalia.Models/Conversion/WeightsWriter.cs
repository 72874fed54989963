using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Conversion;

/// <summary>How far a conversion has come.</summary>
/// <param name="Checking">Reading back what was written.</param>
/// <param name="Tensors">Tensors done.</param>
/// <param name="TotalTensors">Tensors in all.</param>
/// <param name="Bytes">Bytes done.</param>
/// <param name="TotalBytes">Bytes in all.</param>
readonly record struct ConvertProgress(bool Checking, int Tensors, int TotalTensors, long Bytes, long TotalBytes);

/// <summary>Writes planned tensors to files, some rows at a time, and reads them back.</summary>
/// <param name="plan">The plan.</param>
/// <param name="progress">Told after every tensor; may be null.</param>
/// <param name="cancellation">Stops between some rows and the next.</param>
sealed class WeightsWriter(ConversionPlan plan, IProgress<ConvertProgress>? progress, CancellationToken cancellation)
{
    const int MostValues = 1 << 20; // rounded at a time, unless a row is longer

    static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" }; // transformers refuses files without it

    readonly RoundingTally _tally = new();
    readonly Dictionary<string, ulong> _sums = new(StringComparer.Ordinal);
    double[] _values = [];
    float[] _rounded = [];

    /// <summary>What rounding cost so far.</summary>
    public RoundingCost Cost => _tally.Result();

    /// <summary>Writes files into a folder.</summary>
    /// <exception cref="InputException">A value that the asked type cannot hold, NaN, or a disk that refuses.</exception>
    public void Write(string folder, IReadOnlyList<Shard> shards)
    {
        var done = new Progress(progress, checking: false, plan);
        foreach (Shard shard in shards)
        {
            var entries = shard.Tensors.Select(tensor => new SafetensorsEntry(tensor.Name, tensor.DType, tensor.Shape)).ToList();
            using var writer = SafetensorsWriter.Create(Path.Combine(folder, shard.File), entries, Metadata);
            foreach (TensorPlan tensor in shard.Tensors)
            {
                Write(tensor, writer);
                done.Add(tensor.Bytes);
            }
            writer.Complete();
        }
    }

    void Write(TensorPlan tensor, SafetensorsWriter writer)
    {
        int columns = tensor.Columns, most = Math.Max(1, MostValues / Math.Max(1, columns) / tensor.RowStep) * tensor.RowStep;
        bool isKept = tensor.Sources.All(source => Holds(tensor.DType, source.DType));
        var sum = new Checksum();
        for (long row = 0; row < tensor.Rows; row += most)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = (int)Math.Min(most, tensor.Rows - row), count = rows * columns;
            if (_values.Length < count) (_values, _rounded) = (new double[count], new float[count]);
            Span<double> values = _values.AsSpan(0, count);
            Span<float> rounded = _rounded.AsSpan(0, count);
            tensor.Read(row, rows, values);
            Round(tensor, row * columns, values, rounded, isKept);
            sum.Add(rounded);
            writer.Write(tensor.Name, row * columns, rounded);
        }
        _sums[tensor.Name] = sum.Value;
    }

    void Round(TensorPlan tensor, long first, ReadOnlySpan<double> values, Span<float> rounded, bool isKept)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            if (double.IsNaN(value)) throw ConversionErrors.NotANumber(tensor.Name, first + i, tensor.Sources.First());
            if (isKept)
            {
                rounded[i] = (float)value;
                continue;
            }
            rounded[i] = Rounding.Round(value, tensor.DType);
            if (float.IsInfinity(rounded[i]) && double.IsFinite(value))
                throw ConversionErrors.Overflow(tensor.Name, first + i, value, tensor.DType, tensor.Sources.First());
            _tally.Add(value, rounded[i], tensor.DType, tensor.Name);
        }
        if (isKept) _tally.Keep(values);
    }

    /// <summary>Whether every value of one type is one of the other.</summary>
    static bool Holds(DType type, DType stored) => stored == type || (type == DType.F32 && stored != DType.F64);

    /// <summary>Reads everything back and compares it with what was meant.</summary>
    /// <exception cref="InputException">A value that is not what was written.</exception>
    public void Check(Checkpoint written)
    {
        var done = new Progress(progress, checking: true, plan);
        foreach (TensorPlan planned in plan.Tensors)
        {
            Tensor tensor = written.Tensors[planned.Name];
            if (_rounded.Length < planned.Columns) _rounded = new float[planned.Columns];
            Span<float> values = _rounded.AsSpan(0, planned.Columns);
            var sum = new Checksum();
            for (long row = 0; row < planned.Rows; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                Widen.Row(tensor, row, 0, values);
                sum.Add(values);
            }
            if (sum.Value != _sums[planned.Name]) throw ConversionErrors.NotAsWritten(planned.Name, written.Path);
            done.Add(planned.Bytes);
        }
    }

    /// <summary>Counts tensors and bytes.</summary>
    sealed class Progress(IProgress<ConvertProgress>? report, bool checking, ConversionPlan plan)
    {
        readonly long _total = plan.Bytes;
        int _tensors;
        long _bytes;

        public void Add(long bytes) => report?.Report(new(checking, ++_tensors, plan.Tensors.Count, _bytes += bytes, _total));
    }
}
