using Castalia.Checkpoints;

namespace Castalia.Conversion;

/// <summary>A tensor to be written, seen as [rows × last axis], and where its values come from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">F32, F16 or BF16.</param>
/// <param name="Shape">Lengths of its axes, outermost first.</param>
abstract record TensorPlan(string Name, DType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Length of the last axis.</summary>
    public int Columns => Shape.Count == 0 ? 1 : checked((int)Shape[^1]);

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (n, axis) => n * axis);

    /// <summary>Rows.</summary>
    public long Rows => Columns == 0 ? 0 : Count / Columns;

    /// <summary>Bytes it will take.</summary>
    public long Bytes => Count * DType.Block().Bytes;

    /// <summary>Rows are read by so many at a time, but for the last.</summary>
    public virtual int RowStep => 1;

    /// <summary>The tensors it is made from.</summary>
    public abstract IEnumerable<Tensor> Sources { get; }

    /// <summary>Reads some of its rows, one after the other, before rounding.</summary>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="values">rows × Columns values, written whole.</param>
    public abstract void Read(long firstRow, int rows, Span<double> values);

    /// <summary>A stored tensor as it lies.</summary>
    public sealed record Copied(string Name, DType DType, Tensor Source) : TensorPlan(Name, DType, Source.Shape)
    {
        public override IEnumerable<Tensor> Sources => [Source];

        public override void Read(long firstRow, int rows, Span<double> values)
        {
            for (int i = 0; i < rows; i++) StoredValues.Row(Source, firstRow + i, 0, values.Slice(i * Columns, Columns));
        }
    }

    /// <summary>A matrix, each row of it a row of some stored tensor.</summary>
    /// <param name="Name">See <see cref="TensorPlan"/>.</param>
    /// <param name="DType">See <see cref="TensorPlan"/>.</param>
    /// <param name="Shape">See <see cref="TensorPlan"/>.</param>
    /// <param name="From">The tensors.</param>
    /// <param name="RowOf">For each row which tensor, and which of its rows.</param>
    public sealed record Gathered(
        string Name, DType DType, IReadOnlyList<long> Shape, IReadOnlyList<Tensor> From, (int Tensor, int Row)[] RowOf)
        : TensorPlan(Name, DType, Shape)
    {
        public override IEnumerable<Tensor> Sources => From;

        public override void Read(long firstRow, int rows, Span<double> values)
        {
            for (int i = 0; i < rows; i++)
            {
                var (tensor, row) = RowOf[firstRow + i];
                StoredValues.Row(From[tensor], row, 0, values.Slice(i * Columns, Columns));
            }
        }
    }

    /// <summary>A gathered matrix the other way round.</summary>
    /// <param name="Straight">The matrix, [out × in].</param>
    public sealed record Turned(Gathered Straight) : TensorPlan(Straight.Name, Straight.DType, [Straight.Columns, Straight.Rows])
    {
        public override IEnumerable<Tensor> Sources => Straight.Sources;

        /// <summary>Whole ggml blocks of the rows it is made from.</summary>
        public override int RowStep => 256;

        public override void Read(long firstRow, int rows, Span<double> values)
        {
            double[] column = new double[rows];
            for (int i = 0; i < Columns; i++)
            {
                var (tensor, row) = Straight.RowOf[i];
                StoredValues.Row(Straight.From[tensor], row, (int)firstRow, column);
                for (int k = 0; k < rows; k++) values[k * Columns + i] = column[k];
            }
        }
    }

    /// <summary>A bias or a norm, which is small.</summary>
    /// <param name="Name">See <see cref="TensorPlan"/>.</param>
    /// <param name="DType">See <see cref="TensorPlan"/>.</param>
    /// <param name="Shape">See <see cref="TensorPlan"/>.</param>
    /// <param name="From">The tensors.</param>
    /// <param name="ElementOf">For each element which tensor, and which of its elements in row-major order.</param>
    /// <param name="LessOne">1 is subtracted: what is stored is 1 + weight.</param>
    public sealed record Vector(
        string Name, DType DType, IReadOnlyList<long> Shape, IReadOnlyList<Tensor> From, (int Tensor, int Element)[] ElementOf, bool LessOne)
        : TensorPlan(Name, DType, Shape)
    {
        public override IEnumerable<Tensor> Sources => From;

        public override void Read(long firstRow, int rows, Span<double> values)
        {
            double[][] whole = [.. From.Select(StoredValues.Whole)];
            for (int i = 0; i < values.Length; i++)
            {
                var (tensor, element) = ElementOf[firstRow * Columns + i];
                double value = whole[tensor][element];
                values[i] = LessOne ? StoredValues.LessOne(value, DType, Name) : value;
            }
        }
    }
}
