using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>Every tensor that a model's arithmetic reads, in memory and to be written: float32, in the layout it is stored in; a tied matrix once.</summary>
/// <remarks>The checkpoint it was read from may be closed.</remarks>
sealed unsafe class ParameterSet : IDisposable
{
    readonly Dictionary<Tensor, FloatBuffer> _values = [];

    ParameterSet(WeightMap stored)
    {
        Dictionary<Tensor, Tensor> own = [];
        foreach (var tensor in stored.Tensors)
        {
            var values = new FloatBuffer().Resize(tensor.Count);
            int columns = (int)tensor.Columns;
            for (int row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.Row(row, columns));
            own[tensor] = new(tensor.Name, DType.F32, tensor.Shape, tensor.File, (byte*)values.Data, tensor.Count * sizeof(float));
            _values[own[tensor]] = values;
        }
        Map = stored.Over(own);
        Tensors = [.. Map.Tensors];
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <exception cref="InputException">As WeightMap.Bind.</exception>
    public static ParameterSet Load(Checkpoint checkpoint, Architecture architecture) => new(WeightMap.Bind(architecture, checkpoint));

    /// <summary>The description.</summary>
    public Architecture Architecture => Map.Architecture;

    /// <summary>The tensors, named and shaped as in the checkpoint.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>A tensor's values in the order they are stored in.</summary>
    public Span<float> this[Tensor tensor] => _values[tensor].Span(0, (int)tensor.Count);

    /// <summary>Where every weight is.</summary>
    internal WeightMap Map { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var values in _values.Values) values.Dispose();
    }
}
